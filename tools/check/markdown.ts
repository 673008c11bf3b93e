/** Something in a page and where it is. */
export interface Place {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** The parts of a Markdown page that can point to nowhere. */
export interface Page {
  /** Targets of links and images. */
  readonly links: readonly Place[];
  /** Headings as GitHub names them in links. */
  readonly anchors: ReadonlySet<string>;
  /** Paragraphs, table cells and code blocks, with their code spans. */
  readonly blocks: readonly Block[];
}

/** Text that is read in one go: what one part of it says holds for the next. */
export interface Block extends Place {
  /** A fenced block has no markup inside. */
  readonly isCode: boolean;
}

/** A page in parts. Links inside code are none. */
export function readPage(markdown: string): Page {
  const blocks = blocksOf(markdown);
  const prose = blocks.filter(({ isCode }) => !isCode);
  return {
    links: prose.flatMap(linksOf),
    anchors: anchorsOf(prose),
    blocks,
  };
}

/** The code spans of a block, with what follows each up to the next one. */
export function spansOf({ text, line, isCode }: Block): (Place & { readonly after: string })[] {
  if (isCode) return [];
  return [...text.matchAll(/(`+)(.+?)\1(?!`)([^`]*)/gs)].map(({ 2: span, 3: after, index }) => ({
    text: span!.trim().replace(/\s+/g, " "),
    after: after!,
    line: line + lineFeeds(text.slice(0, index)),
  }));
}

const lineFeeds = (text: string): number => text.split("\n").length - 1;

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { lines: string[]; line: number } | undefined;
  let fence: string | undefined;
  const close = (isCode = false): void => {
    if (open) blocks.push({ text: open.lines.join("\n"), line: open.line, isCode });
    open = undefined;
  };
  for (const [i, content] of markdown.split("\n").entries()) {
    const line = i + 1;
    const mark = /^\s*(```+|~~~+)/.exec(content)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && content.trim() === mark) {
        close(true);
        fence = undefined;
      } else (open ??= { lines: [], line }).lines.push(content);
    } else if (mark !== undefined) {
      close();
      fence = mark;
    } else if (/^\s*\|/.test(content)) {
      close();
      // A bar inside of code is escaped, so every other one ends a cell.
      for (const cell of content.split(/(?<!\\)\|/)) blocks.push({ text: cell, line, isCode: false });
    } else if (content.trim() === "" || /^\s*([-*]|\d+\.|#+)\s/.test(content)) {
      close();
      if (content.trim() !== "") open = { lines: [content], line };
      if (/^\s*#/.test(content)) close();
    } else (open ??= { lines: [], line }).lines.push(content);
  }
  close(fence !== undefined);
  return blocks;
}

function linksOf(block: Block): Place[] {
  // Code becomes as many other characters, so that places stay.
  const text = block.text.replace(/(`+)(.+?)\1(?!`)/gs, (code) => code.replace(/[^\n]/g, "."));
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const definitions = [...text.matchAll(/^\s*\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm)];
  return [...inline, ...definitions].map(({ 1: target, index }) => ({
    text: target!,
    line: block.line + lineFeeds(text.slice(0, index)),
  }));
}

function anchorsOf(blocks: readonly Block[]): Set<string> {
  const anchors = new Set<string>();
  for (const { text } of blocks) {
    const [, heading] = /^\s*#{1,6}\s+(.*?)\s*#*\s*$/.exec(text) ?? [];
    if (heading !== undefined) {
      const name = slugOf(heading);
      let anchor = name;
      for (let twin = 1; anchors.has(anchor); twin++) anchor = `${name}-${twin}`;
      anchors.add(anchor);
    }
    for (const [, id] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id!);
  }
  return anchors;
}

const slugOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
