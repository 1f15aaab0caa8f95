// Types, typed documents and the cache's knowledge of interfaces, from the committed schema: GraphQL Code Generator without its
// command line, which would bring four hundred packages along.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as fragmentMatcher from "@graphql-codegen/fragment-matcher";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescript from "@graphql-codegen/typescript";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { getIntrospectedSchema, minifyIntrospectionQuery } from "@urql/introspection";
import { buildSchema, parse } from "graphql";

const here = new URL(".", import.meta.url);
const sdl = readFileSync(new URL("../../api/schema.graphql", here), "utf8");
const schema = buildSchema(sdl);
const documents = [{ location: "operations.graphql", document: parse(readFileSync(new URL("operations.graphql", here), "utf8")) }];

const config = {
  strictScalars: true, // a scalar that is not listed here is an error, not `any`
  scalars: {
    BigInt: "number", Cron: "string", Date: "string", DateTime: "string", Duration: "string",
    JSON: "unknown", Locale: "string", TimeZone: "string", URL: "string",
  },
  enumsAsTypes: true,
  useTypeImports: true,
};

async function write(filename, pluginMap, settings) {
  const plugins = Object.keys(pluginMap).map((name) => ({ [name]: {} }));
  const text = await codegen({ filename, schema: parse(sdl), schemaAst: schema, documents, plugins, pluginMap, config: settings });
  writeFileSync(new URL(`src/generated/${filename}`, here), text);
}

mkdirSync(new URL("src/generated/", here), { recursive: true });
await write("schema.ts", { typescript }, config);
await write("operations.ts", { typescriptOperations, typedDocumentNode }, config);
await write("possibleTypes.ts", { fragmentMatcher }, { ...config, apolloClientVersion: 3 });
const introspection = minifyIntrospectionQuery(getIntrospectedSchema(sdl));
writeFileSync(new URL("src/generated/introspection.json", here), JSON.stringify(introspection));
writeFileSync(new URL("src/generated/relay-documents.json", here), "{}"); // relay-compiler adds the operations that it writes
rmSync(new URL("src/relay/__generated__/", here), { recursive: true, force: true });
