import swagger, { type SwaggerTransformObject } from "@fastify/swagger";
import fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from "fastify";
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import type { OpenAPIV3_1 } from "openapi-types";
import { invalid, ProblemError, PROBLEM_TYPE } from "./problem.ts";

/** A server whose routes are described by zod schemas. */
export type ApiServer = FastifyInstance<
  import("http").Server,
  import("http").IncomingMessage,
  import("http").ServerResponse,
  import("fastify").FastifyBaseLogger,
  ZodTypeProvider
>;

export interface ServerOptions {
  readonly version: string;
  readonly allowOrigin: string | undefined;
  /** Told of faults of the node itself. */
  readonly onFault: (error: unknown, route: string) => void;
}

const MAX_BODY_BYTES = 4_096;
/** What a client may take to send its request. */
const REQUEST_MS = 10_000;
/** A connection on which nothing happens is closed. */
const IDLE_MS = 60_000;

/** A server that knows how to say what is wrong. */
export async function createServer({ version, allowOrigin, onFault }: ServerOptions): Promise<ApiServer> {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_MS,
    connectionTimeout: IDLE_MS,
    keepAliveTimeout: IDLE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 80 },
  }).withTypeProvider<ZodTypeProvider>();
  // JSON is all that is read.
  app.removeContentTypeParser("text/plain");
  app.addHook("onRoute", ({ schema, method, url }) => {
    // What answers GET answers HEAD, too.
    if (schema !== undefined && method !== "HEAD") schema.operationId = operationOf(String(method), url);
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const told = problemOf(error, request);
    if (told.problem.status >= 500 && told.kind === "internal-error") onFault(error, request.routeOptions.url ?? "");
    void reply.code(told.problem.status).type(PROBLEM_TYPE).serializer(JSON.stringify).send(told.problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const { problem } = new ProblemError(
      "no-route",
      `${request.method} ${request.url} is no route, see /v1/openapi.json`,
    );
    void reply.code(problem.status).type(PROBLEM_TYPE).serializer(JSON.stringify).send(problem);
  });
  if (allowOrigin !== undefined)
    app.addHook("onRequest", async (_request, reply) => {
      for (const [name, value] of Object.entries(originHeaders(allowOrigin))) reply.header(name, value);
    });
  if (allowOrigin !== undefined)
    app.options("/v1/*", { schema: { hide: true } }, (_request, reply) => {
      void reply
        .code(204)
        .header("access-control-allow-methods", "GET, POST")
        .header("access-control-allow-headers", "content-type, last-event-id")
        .send();
    });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "B52 read API",
        description: "What a follower of a B52 rollup knows. Every answer names the block of L1 at which it is true.",
        version,
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "http://127.0.0.1:9540" }],
    },
    transform: jsonSchemaTransform,
    transformObject: namedSchemas,
  });
  return app;
}

/** The schemas that have names. Each is listed once for what is sent, too, where nothing has a name. */
const namedSchemas: SwaggerTransformObject = (document) => {
  const described = jsonSchemaTransformObject(document);
  const { components } = described as OpenAPIV3_1.Document;
  const schemas = Object.entries(components?.schemas ?? {}).filter(([name]) => !name.endsWith("Input"));
  return { ...described, components: { ...components, schemas: Object.fromEntries(schemas) } } as typeof described;
};

/** What a schema says of a parameter. */
interface ZodFault {
  readonly instancePath: string;
  readonly message: string;
  readonly params: { readonly keys?: readonly string[] };
}

export const originHeaders = (allowOrigin: string | undefined): Record<string, string> =>
  allowOrigin === undefined ? {} : { "access-control-allow-origin": allowOrigin, vary: "origin" };

/** Where parameters are, as the server calls it. */
const PLACES = { querystring: "query", params: "params", body: "body", headers: "headers" } as const;

/** The most of a wrong parameter that is shown. */
const MAX_SHOWN = 80;

function problemOf(error: FastifyError | ProblemError, request: FastifyRequest): ProblemError {
  if (error instanceof ProblemError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [{ instancePath, message, params }] = error.validation as unknown as readonly [ZodFault];
    const place = PLACES[error.validationContext as keyof typeof PLACES];
    if (params.keys?.[0] !== undefined)
      return invalid(params.keys[0], "given", "a parameter of this route: see /v1/openapi.json");
    const name = instancePath.slice(1);
    const found = name === "" ? request[place] : (request[place] as Record<string, unknown> | null)?.[name];
    const text = typeof found === "string" ? found : JSON.stringify(found);
    const shown = found === undefined ? "missing" : text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
    return invalid(name === "" ? place : name, shown, message);
  }
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new ProblemError("too-large", `the body is larger than expected, at most ${MAX_BODY_BYTES} bytes`);
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new ProblemError("unsupported-media-type", "the body is of another type, expected application/json");
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return invalid("body", "no JSON", "a JSON object");
  }
  if (error.statusCode === 400) return invalid("request", "malformed", error.message);
  return new ProblemError("internal-error", "the node has failed, and says in its log why", {}, { cause: error });
}

/** Names an operation by its route: `getProposalsForest`. */
function operationOf(method: string, url: string): string {
  const parts = url.split("/").slice(2);
  const named = parts.map((part) => (part.startsWith(":") ? `by-${part.slice(1)}` : part.replaceAll(".", "-")));
  const words = [method.toLowerCase(), ...named].join("-").split("-");
  return words.map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
}
