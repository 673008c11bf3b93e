let top: usize = (__heap_base + 15) & ~15;

/** Room for so many bytes, aligned to 16; what it holds is not defined. It is given back by {@link release}. */
export function allocate(bytes: usize): usize {
  const at = top;
  top += (bytes + 15) & ~15;
  const pages = <i32>((top + 0xffff) >>> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
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
