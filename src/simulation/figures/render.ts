import { join } from "node:path";
import { makeFolder } from "../../chain/folders.ts";
import { replaceFile } from "../../chain/replaceFile.ts";
import type { Figure, Spec, SummaryRow } from "../scenario.ts";
import { toCsv } from "../run/csv.ts";
import { textWidth } from "./textWidth.ts";

/** Colours that stay apart for the colour-blind and in grey (Okabe and Ito, by falling lightness). */
const CATEGORIES = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#000000"];
const FONT = "DejaVu Sans";
/** Of the PNG, over the SVG. */
const SCALE = 2;

const CONFIG = {
  background: "white",
  font: FONT,
  range: { category: CATEGORIES },
  title: { fontSize: 14, anchor: "start", offset: 14 },
  axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal", gridColor: "#e5e5e5", labelFlush: false },
  facet: { spacing: 34 },
  header: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" },
  legend: { labelLimit: 300, labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal" },
  line: { strokeWidth: 2 },
  point: { size: 45, filled: true },
  view: { stroke: "#bbbbbb" },
};

/** Of texts that name none. */
const FONT_SIZE = 11;

/** What Vega asks for the width of a text; its own types leave it out. */
interface Measured {
  readonly textMetrics: { width: (item: TextItem, part?: unknown) => number };
}

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
  readonly text?: unknown;
}

/** Writes a figure as SVG, PNG and CSV. @returns the paths without folder */
export async function renderFigure(folder: string, figure: Figure, rows: readonly SummaryRow[]): Promise<string[]> {
  const values = figure.data(rows);
  const svg = await toSvg({ ...figure.spec, title: figure.title, data: { values } });
  const { Resvg } = await import("@resvg/resvg-js");
  const png = new Resvg(svg, { fitTo: { mode: "zoom", value: SCALE }, font: { defaultFontFamily: FONT } }).render();
  const files: readonly [string, Uint8Array | string][] = [
    [`${figure.name}.svg`, `${svg}\n`],
    [`${figure.name}.png`, png.asPng()],
    [`${figure.name}.csv`, toCsv(values)],
  ];
  await makeFolder(folder);
  for (const [name, content] of files) await replaceFile(join(folder, name), [content]);
  return files.map(([name]) => name);
}

async function toSvg(spec: Spec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  (vega as unknown as Measured).textMetrics.width = ({ fontSize = FONT_SIZE, fontWeight, text }, part = text) =>
    textWidth(
      typeof part === "string" || typeof part === "number" ? String(part) : "",
      fontSize,
      fontWeight === "bold",
    );
  const whole = { $schema: "https://vega.github.io/schema/vega-lite/v6.json", padding: 12, config: CONFIG, ...spec };
  const compiled = vegaLite.compile(whole as unknown as Parameters<typeof vegaLite.compile>[0], {
    logger: vega.logger(vega.Error),
  }).spec;
  // The symbols of a legend show shape and colour; an outline dashed as the line is frays them.
  for (const legend of compiled.legends ?? []) if (legend.shape !== undefined) delete legend.strokeDash;
  const view = new vega.View(vega.parse(compiled), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}
