import "#test/engine/layers/powershell/session.test";
