// Loaded first by a program of a devnet whose network is to be cut: it reaches none of the ports that the file CUT_FILE
// names (JSON, an array), for as long as it does. Whoever dials knows the port, so a cut on both sides is a whole one.
import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import process from "node:process";

const LOOK_MS = 50;

const file = process.env.CUT_FILE;
const dialled = new Set();
let cut = new Set();

const check = (socket) => {
  if (cut.has(socket.remotePort)) socket.destroy(new Error("the network is cut"));
};

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...args) {
  dialled.add(this);
  this.prependOnceListener("connect", () => check(this));
  this.once("close", () => dialled.delete(this));
  return connect.apply(this, args);
};

setInterval(() => {
  try {
    cut = new Set(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    cut = new Set(); // it is not there
  }
  dialled.forEach(check);
}, LOOK_MS).unref();
