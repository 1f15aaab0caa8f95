// What the playground takes from npm, in one module.
import "@graphiql/react/dist/style.css";
import "graphiql/src/style.css";
import "@graphiql/plugin-explorer/dist/style.css";

export { createElement, useEffect, useRef, useState } from "react";
export { createRoot } from "react-dom/client";
export { setNonce } from "get-nonce";
export { getOperationAST, parse } from "graphql";
export { createClient } from "graphql-ws";
export { GraphiQL } from "graphiql";
export { useEditorContext, useOperationsEditorState, usePluginContext, useVariablesEditorState } from "@graphiql/react";
export { explorerPlugin } from "@graphiql/plugin-explorer";
