pragma circom 2.2.0;

// Domain tags: the ASCII bytes of "b52.<name>" read as a big-endian integer.

function TAG_CONTENT() { return 0x6235322e636f6e74656e74; } // "b52.content"
function TAG_VOTE() { return 0x6235322e766f7465; } // "b52.vote"
function TAG_KEY() { return 0x6235322e6b6579; } // "b52.key"
function TAG_VRF() { return 0x6235322e767266; } // "b52.vrf"
function TAG_TRANSFER() { return 0x6235322e7472616e73666572; } // "b52.transfer"
function TAG_TXS() { return 0x6235322e747873; } // "b52.txs"
function TAG_PROVERS() { return 0x6235322e70726f76657273; } // "b52.provers"
function TAG_WITHDRAWALS() { return 0x6235322e7769746864726177616c73; } // "b52.withdrawals"
function TAG_ROOT() { return 0x6235322e726f6f74; } // "b52.root"
