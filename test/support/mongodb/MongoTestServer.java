import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * mongo-java-server for tests: java -cp … MongoTestServer [port [file]]. Port 0 takes a free one; without a file, data is in memory.
 * Prints its URL when it is ready, and ends with its standard input, so that it never outlives what started it.
 *
 * What is changed about it, to be like a real server:
 * - Strings sort by code point, as their UTF-8 does, not by UTF-16 code unit (de.bwaldvogel.mongo.backend.ValueComparator).
 * - A reader never sees a document that is half written: one command at a time, and answers are copies.
 * - What is asked by id, alone or with something else, is looked up by id. It would read the whole collection.
 * - It says that it is version 4.4, the oldest that the driver takes. Nothing newer than that may be asked of it.
 */
public final class MongoTestServer extends H2Backend {
    private static final int SURROGATES = 0xD800;
    private static final int ABOVE_SURROGATES = 0xE000;

    private MongoTestServer(String file) {
        super(MVStore.open(file));
        version(new Version44());
    }

    public static void main(String[] args) throws Exception {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 0;
        MongoServer server = new MongoServer(new MongoTestServer(args.length > 1 ? args[1] : null));
        server.bind("127.0.0.1", port);
        System.out.println("mongodb://127.0.0.1:" + server.getLocalAddress().getPort());
        while (System.in.read() >= 0) continue;
        server.shutdownNow();
        System.exit(0);
    }

    @Override
    public synchronized Document handleMessage(MongoMessage message) {
        Document command = (Document) copy(message.getDocument(), MongoTestServer::toSorted);
        MongoMessage sorted = new MongoMessage(message.getChannel(), message.getHeader(), command);
        return (Document) copy(super.handleMessage(sorted), MongoTestServer::fromSorted);
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
        return new Database(name, getCursorRegistry());
    }

    private static Object copy(Object value, IntUnaryOperator unit) {
        if (value instanceof Document document) {
            Document copied = new Document();
            document.forEach((key, item) -> copied.put(key, copy(item, unit)));
            return copied;
        }
        if (value instanceof List<?> list) return list.stream().map(item -> copy(item, unit)).collect(Collectors.toList());
        if (value instanceof String text && text.chars().anyMatch(c -> c >= SURROGATES)) {
            char[] units = text.toCharArray();
            for (int i = 0; i < units.length; i++) units[i] = (char) unit.applyAsInt(units[i]);
            return new String(units);
        }
        return value;
    }

    /** Puts surrogates above all other code units, the order that code points have. */
    private static int toSorted(int unit) {
        if (unit < SURROGATES) return unit;
        return unit < ABOVE_SURROGATES ? unit + 0x2000 : unit - 0x800;
    }

    private static int fromSorted(int unit) {
        if (unit < SURROGATES) return unit;
        return unit >= 0xF800 ? unit - 0x2000 : unit + 0x800;
    }

    /** An inner class, because its superclass opens collections before it has set any field. */
    private final class Database extends H2Database {
        Database(String name, CursorRegistry cursors) {
            super(name, getMvStore(), cursors);
        }

        @Override
        protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
            String fullName = getDatabaseName() + "." + name;
            MVMap<Object, Document> data = getMvStore().openMap("databases." + fullName);
            MVMap<String, Object> meta = getMvStore().openMap("meta." + fullName);
            return new Collection(this, name, options, data, meta, cursorRegistry);
        }
    }

    private static final class Collection extends H2Collection {
        Collection(MongoDatabase database, String name, CollectionOptions options, MVMap<Object, Document> data,
                   MVMap<String, Object> meta, CursorRegistry cursors) {
            super(database, name, options, data, meta, cursors);
        }

        @Override
        protected QueryResult queryDocuments(Document query, Document order, int skip, int limit, int batch, Document fields) {
            List<?> ids = ids(query.get("_id"));
            if (ids == null) return super.queryDocuments(query, order, skip, limit, batch, fields);
            List<Object> positions = ids.stream().distinct().filter(id -> getDocument(id) != null).collect(Collectors.toList());
            Document rest = new Document(query);
            rest.remove("_id");
            return matchDocuments(rest, positions, order, skip, limit, batch, fields);
        }

        /** The ids that a condition names; null when it is another kind of condition. */
        private static List<?> ids(Object condition) {
            if (condition instanceof String id) return List.of(id);
            boolean isIn = condition instanceof Document document && document.size() == 1;
            return isIn && ((Document) condition).get("$in") instanceof List<?> ids ? ids : null;
        }
    }

    private static final class Version44 implements MongoVersion {
        @Override
        public List<Integer> getVersionArray() {
            return List.of(4, 4, 0);
        }

        @Override
        public int getWireVersion() {
            return 9;
        }
    }
}
