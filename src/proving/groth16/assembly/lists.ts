import { addAll, BATCH, infinities, isInfinity, push } from "./additions";
import { ELEMENT } from "./lanes";
import { allocate } from "./memory";

/**
 * Sums every list of points: rounds of additions of neighbours halve all lists at once.
 *
 * List `l` is `counts[l]` references at `references[starts[l]]`. Afterwards it has one, the sum, or none if that is
 * infinity. Sums lie in memory that is allocated here.
 */
export function sumLists(degree: usize, references: usize, starts: usize, counts: usize, lists: usize): void {
  const bytes: usize = 2 * ELEMENT * degree;
  for (;;) {
    let additions: usize = 0;
    for (let l: usize = 0; l < lists; l++) additions += load<u32>(counts + 4 * l) >> 1;
    if (additions == 0) return;
    let sum = allocate((additions + 7) * bytes);
    let begin = sum;
    let vanished: usize = 0;
    for (let l: usize = 0; l < lists; l++) {
      const count = <usize>load<u32>(counts + 4 * l);
      if (count < 2) continue;
      const list = references + 4 * load<u32>(starts + 4 * l);
      const pairs = count >> 1;
      for (let i: usize = 0; i < pairs; i++) {
        const noted = push(load<u32>(list + 8 * i), load<u32>(list + 8 * i, 4));
        store<u32>(list + 4 * i, <u32>sum);
        sum += bytes;
        if (noted == BATCH) {
          addAll(degree, begin);
          vanished += infinities;
          begin = sum;
        }
      }
      if (count & 1) store<u32>(list + 4 * pairs, load<u32>(list + 4 * (count - 1)));
      store<u32>(counts + 4 * l, <u32>(pairs + (count & 1)));
    }
    addAll(degree, begin);
    vanished += infinities;
    if (vanished > 0) dropInfinities(references, starts, counts, lists);
  }
}

function dropInfinities(references: usize, starts: usize, counts: usize, lists: usize): void {
  for (let l: usize = 0; l < lists; l++) {
    const list = references + 4 * load<u32>(starts + 4 * l);
    const count = <usize>load<u32>(counts + 4 * l);
    let kept: usize = 0;
    for (let i: usize = 0; i < count; i++) {
      const reference = load<u32>(list + 4 * i);
      if (isInfinity(reference)) continue;
      store<u32>(list + 4 * kept, reference);
      kept++;
    }
    store<u32>(counts + 4 * l, <u32>kept);
  }
}
