// Run by the image of MongoDB once, on the first member while it is empty; the others get it from there. The gateways are this user.
db.getSiblingDB('tokenhub').createUser({ user: 'tokenhub', pwd: process.env.TOKENHUB_PASSWORD, roles: ['readWrite'] });
