import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import net from 'node:net';
net.__w=net.Socket.prototype.write;
const { MongoConnection } = await import('./dist/adapters/mongodb/mongodb-connection.js');
const { MongoRateLimitStore } = await import('./dist/adapters/mongodb/mongodb-rate-limit-store.js');
const H='node_modules/.cache/mongodb-server';
const child=spawn('java',['-Xmx256m','-XX:+UseSerialGC','-cp',`${H}/classes:${H}/lib/*`,'MongoTestServer','0'],{stdio:['pipe','pipe','ignore']});
const [base]=await once(createInterface({input:child.stdout}),'line');
const port=Number(base.split(':').pop());
Object.defineProperty(net.Socket.prototype,'write',{get(){return this.__w??net.__w},set(fn){this.__w=function(...a){const r=fn.apply(this,a);const st=new Error().stack.split('\n').filter(l=>/node_modules.mongodb/.test(l)).slice(0,6).map(l=>l.trim().replace(/\(.*mongodb.lib./,'('));if(st.length)console.log('write after FIN ->',r,'destroyed',this.destroyed,'closed',this.closed,'ended',this.writableEnded,this.writableFinished,'in',st.join(' < '));return r}}});
const socks=new Set();
const mk=()=>net.createServer((c)=>{const u=net.connect(port,'127.0.0.1');for(const s of [c,u]){socks.add(s);s.on('error',()=>{});s.on('close',()=>{socks.delete(s);c.destroy();u.destroy()})}c.pipe(u);u.pipe(c);});
let proxy=mk().listen(0,'127.0.0.1'); await once(proxy,'listening'); const pp=proxy.address().port;
const url=`mongodb://127.0.0.1:${pp}/m?directConnection=true`;
const N=4; const conns=[],stores=[];
for(let i=0;i<N;i++){const m=new MongoConnection(url);conns.push(m);stores.push(new MongoRateLimitStore(m,{timeoutMs:500}));}
const use=(id)=>[{limit:{name:'key',points:1e6,windowSeconds:60},id,points:1},{limit:{name:'account',points:1e6,windowSeconds:60},id:'a',points:1}];
const raw=(m)=>m.run(async(c)=>c.getClient().db('m').command({ping:1}));
let stop=false;
for(let i=0;i<N;i++) void (async()=>{while(!stop){await Promise.all([stores[i].consume(use('k'+i)),stores[i].consume(use('k'+i))]);await new Promise(r=>setTimeout(r,5));}})();
let bad=0;
for(let round=0;round<Number(process.argv[2]??15);round++){
  await new Promise(r=>setTimeout(r,500));
  const closed=once(proxy,'close'); console.log('down'); proxy.close(); for(const s of socks) s.destroy(); await closed;
  await new Promise(r=>setTimeout(r,Math.random()*4000));
  proxy=mk().listen(pp,'127.0.0.1'); await once(proxy,'listening'); console.log('up'); const t=performance.now();
  const took=await Promise.all(conns.map(async(m)=>{for(;;){try{await raw(m);return Math.round(performance.now()-t)}catch(e){if(performance.now()-t>8000){return 'STUCK '+e.message.slice(0,90)}}}}));
  if(took.some(x=>typeof x==='string'||x>5000)) bad++;
  console.log(round,took.join(' | '));
  if(bad) break;
}
console.log('bad rounds',bad); stop=true; process.exit(0);
