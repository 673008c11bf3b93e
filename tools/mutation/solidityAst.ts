/** A node of the compiler's syntax tree. */
export interface AstNode {
  readonly nodeType: string;
  readonly id: number;
  /** UTF-16, as positions in strings are. */
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** The tree as the compiler gives it, with places instead of `src`. */
export function readAst(tree: unknown, source: string): AstNode {
  const position = utf16Positions(source);
  const read = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(read);
    if (typeof value !== "object" || value === null) return value;
    const fields = Object.fromEntries(Object.entries(value).map(([name, field]) => [name, read(field)]));
    if (typeof fields["src"] === "string") {
      const [start, length] = fields["src"].split(":").map(Number) as [number, number];
      Object.assign(fields, { start: position(start), end: position(start + length) });
    }
    return fields;
  };
  return read(tree) as AstNode;
}

/** From a place in bytes to one in characters. */
function utf16Positions(source: string): (byte: number) => number {
  const bytes = Buffer.from(source);
  if (bytes.length === source.length) return (byte) => byte;
  return (byte) => bytes.toString("utf8", 0, byte).length;
}

/** A node and all that are in it, each with those that it is in, outermost first. */
export function visit(node: AstNode, see: (node: AstNode, path: readonly AstNode[]) => void): void {
  const path: AstNode[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (!isNode(value)) return;
    see(value, path);
    path.push(value);
    for (const field of Object.values(value)) if (typeof field === "object") walk(field);
    path.pop();
  };
  walk(node);
}

const isNode = (value: unknown): value is AstNode => typeof value === "object" && value !== null && "nodeType" in value;
