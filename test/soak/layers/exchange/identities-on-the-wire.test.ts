import "#test/engine/layers/exchange/identities-on-the-wire.test";
