import { dirname, join, normalize } from "node:path/posix";
import { type Page, readPage } from "./markdown.ts";
import type { Fault, Repository } from "./repository.ts";

/** Links in Markdown pages that lead to no file of the repository or to no heading of it. Other sites are not asked. */
export function checkLinks({ files, read }: Repository): Fault[] {
  const folders = new Set(files.flatMap(parentsOf));
  const pages = new Map<string, Page>();
  const pageOf = (file: string): Page => {
    const page = pages.get(file) ?? readPage(read(file));
    pages.set(file, page);
    return page;
  };
  const faultOf = (file: string, target: string): string | undefined => {
    const [path, anchor] = target.split("#", 2) as [string, string?];
    const to = path === "" ? file : normalize(join(dirname(file), decodeURI(path))).replace(/\/$/, "");
    if (!files.includes(to) && !folders.has(to))
      return `links to ${target}, expected a file or folder of the repository`;
    if (anchor === undefined || !to.endsWith(".md") || pageOf(to).anchors.has(anchor)) return undefined;
    return `links to ${target}, expected one of the headings of ${to}`;
  };
  return files
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) =>
      pageOf(file)
        .links.filter(({ text }) => !/^[a-z][a-z0-9+.-]*:/i.test(text))
        .flatMap(({ text, line }) => {
          const message = faultOf(file, text);
          return message === undefined ? [] : [{ file, line, message }];
        }),
    );
}

/** The folders above a path, the top of the project first. */
export function parentsOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return [".", ...parts.map((_, i) => parts.slice(0, i + 1).join("/"))];
}
