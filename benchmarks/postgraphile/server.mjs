// PostGraphile 5 over Marquee's own tables, set up as its documentation advises for production; DATABASE_URL and PORT say where.
import { createServer } from "node:http";
import pg from "pg";
import { PgManyToManyPreset } from "@graphile-contrib/pg-many-to-many";
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import { postgraphile } from "postgraphile";
import { grafserv } from "postgraphile/grafserv/node";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { jsonPgSmartTags } from "postgraphile/utils";

const url = new URL(process.env.DATABASE_URL);
// idleTimeoutMillis 0: pg's default of ten seconds would reconnect after each pause of the race
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, idleTimeoutMillis: 0, options: "-c jit=off" });

// artwork hangs on `entities`: a relation of its own spares PostGraphile that join
const artwork = jsonPgSmartTags({
  version: 1,
  config: { class: { assets: { tags: { foreignKey: "(entity_id) references media_items (id)|@fieldName item|@foreignFieldName artwork" } } } },
});

const preset = {
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset, PgManyToManyPreset],
  plugins: [artwork],
  disablePlugins: ["PgIndexBehaviorsPlugin"], // it would hide orders and conditions over columns without an index
  pgServices: [makePgService({ pool, schemas: ["public"] })],
  schema: { defaultBehavior: "-connection +list +resource:list -resource:connection", exportSchemaSDLPath: process.env.SDL_PATH },
  grafserv: { graphqlPath: "/graphql", graphiql: false, websockets: false, watch: false },
  grafast: { explain: false },
};

const serv = postgraphile(preset).createServ(grafserv);
const server = createServer();
await serv.addTo(server);
server.listen(Number(process.env.PORT), "127.0.0.1", () => console.log(`ready ${url.port}`));
