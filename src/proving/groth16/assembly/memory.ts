let top: usize = (__heap_base + 15) & ~15;
/** Up to where there may be more than zeros. */
let highest: usize = top;

/** Room for so many bytes, aligned to 16; what it holds is not defined. It is given back by {@link release}. */
export function allocate(bytes: usize): usize {
  const at = top;
  const end = <u64>top + ((<u64>bytes + 15) & ~15);
  const pages = <i64>((end + 0xffff) >>> 16) - memory.size();
  if (pages > 0xffff || (pages > 0 && memory.grow(<i32>pages) < 0)) unreachable();
  top = <usize>end;
  highest = max(highest, top);
  return at;
}

/** Up to where memory is taken. */
export function mark(): usize {
  return top;
}

/** Gives back what was allocated since a {@link mark}. */
export function release(to: usize): void {
  top = to;
}

/** Gives back what was allocated since a mark, and everything that was before, as zeros. */
export function wipe(to: usize): void {
  memory.fill(to, 0, highest - to);
  top = to;
  highest = to;
}
