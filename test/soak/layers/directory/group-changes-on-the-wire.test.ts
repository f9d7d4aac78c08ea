import "#test/engine/layers/directory/group-changes-on-the-wire.test";
