import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { projectPath, projectVersion } from "../../src/setup/project.ts";
import { type OfflineApi, offlineApi } from "./offline.ts";

interface Validate {
  (data: unknown): boolean;
  readonly errors: unknown;
}
interface Validator {
  compile(schema: object): Validate;
}

/** The validator of JSON Schema that fastify comes with. */
function createValidator(): Validator {
  const ofFastify = createRequire(createRequire(import.meta.url).resolve("fastify"));
  const { Ajv2020 } = createRequire(ofFastify.resolve("@fastify/ajv-compiler"))("ajv/dist/2020.js") as {
    Ajv2020: new (options: object) => Validator;
  };
  return new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
}

interface Content {
  readonly [type: string]: { readonly schema: object };
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const SNAPSHOT = projectPath("docs/openapi.json");
const META_SCHEMA = projectPath("test/api/openapi31.schema.json");

describe("the OpenAPI document", () => {
  let offline: OfflineApi;
  let document: Document;
  before(async () => {
    offline = await offlineApi({ version: projectVersion() });
    document = (await (await fetch(`${offline.url}/v1/openapi.json`)).json()) as Document;
  });
  after(async () => offline.close());

  it("is the one in docs (UPDATE_SNAPSHOTS=1 writes it)", () => {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(SNAPSHOT, text);
    expect(document).to.deep.equal(JSON.parse(readFileSync(SNAPSHOT, "utf8")));
  });

  it("is one of OpenAPI 3.1, whose schemas are JSON Schema", () => {
    const validator = createValidator();
    const validate = validator.compile(JSON.parse(readFileSync(META_SCHEMA, "utf8")) as object);
    expect(validate(document), JSON.stringify(validate.errors)).to.equal(true);
    const { info: _, ...without } = document as Document & { info: unknown };
    expect(validate(without), "a document without info").to.equal(false);
    // References point into the document, so it is there to be looked up.
    const { components } = document;
    for (const schema of Object.values(components.schemas)) validator.compile({ ...schema, components });
    for (const content of contents(document))
      for (const { schema } of Object.values(content)) validator.compile({ ...schema, components });
  });

  it("describes every route: what it answers, and what may be wrong", () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const { operationId, summary, responses } of operations) {
      expect(summary, operationId).to.match(/^[A-Z]/);
      expect(Object.keys(responses), operationId).to.include.members(["200", "400", "503"]);
      for (const [status, { content, description }] of Object.entries(responses)) {
        expect(description, operationId).to.not.equal("");
        if (status !== "200") expect(Object.keys(content), operationId).to.deep.equal(["application/problem+json"]);
      }
    }
  });
});

function contents({ paths }: Document): Content[] {
  return Object.values(paths).flatMap((path) =>
    Object.values(path).flatMap(({ responses }) => Object.values(responses).map(({ content }) => content)),
  );
}
