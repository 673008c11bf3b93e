import { addAll, BATCH, infinities, isInfinity, OUTS, push, REFERENCES, size } from "./additions";
import { ELEMENT } from "./lanes";
import { allocate } from "./memory";

/*
 * Sums of points, as many as there are places, in any order: a place holds a reference, or 0 for nothing.
 *
 * A point that comes to an empty place waits there; the next one makes an addition with it, whose sum comes to the
 * place in turn. So additions never depend on each other, and are made in batches: near in time, so that their points
 * are near in memory as well.
 */

/** The place of each sum of a batch. */
const PLACES: usize = allocate(4 * BATCH);

let degree: usize = 1;
/** Sums that nobody needs any more lie from here on; their room is used again. */
let reused: usize = 0;
let free: usize = 0;
let freeCount: usize = 0;

/**
 * Begins sums in a group.
 * @param room for the addresses of as many sums as there will be at a time, with those of two batches
 */
export function begin(group: usize, room: usize): void {
  degree = group;
  free = room;
  freeCount = 0;
  reused = room;
}

/** From now on, points are added more than once: sums stay. */
export function keep(): void {
  reused = usize.MAX_VALUE;
}

/** Adds a point to what a place holds, which is known after {@link finish}. */
export function put(place: usize, reference: u32): void {
  const waiting = load<u32>(place);
  store<u32>(place, select<u32>(reference, 0, waiting == 0));
  store<u32>(PLACES + 4 * size, <u32>place);
  if (push(waiting, reference, waiting != 0) == BATCH) flush();
}

/** Makes all additions that are left. */
export function finish(): void {
  while (size > 0) flush();
}

function flush(): void {
  const additions = size;
  const bytes: usize = 2 * ELEMENT * degree;
  for (let i: usize = 0; i < additions; i++)
    store<u32>(OUTS + 4 * i, freeCount > 0 ? load<u32>(free + 4 * --freeCount) : <u32>allocate(bytes));
  addAll(degree);
  for (let i: usize = 0; i < 2 * additions; i++) {
    const point = load<u32>(REFERENCES + 4 * i) & ~1;
    if (<usize>point < reused) continue;
    store<u32>(free + 4 * freeCount, point);
    freeCount++;
  }
  // Each one notes one addition at most, where its own was.
  const some = infinities > 0;
  for (let i: usize = 0; i < additions; i++) {
    const sum = load<u32>(OUTS + 4 * i);
    if (some && isInfinity(sum)) continue;
    put(load<u32>(PLACES + 4 * i), sum);
  }
}
