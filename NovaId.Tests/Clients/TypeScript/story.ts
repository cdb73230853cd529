// The README's story with openapi-fetch and the types that openapi-typescript makes of the OpenAPI document.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Problem = components["schemas"]["Problem"];

const [gateway, token] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: gateway, headers: { "X-Session-Token": token } });
const told: Record<string, string> = {};

function value<T>(answer: { data?: T; error?: Problem }): T {
  if (answer.data === undefined) {
    throw new Error(answer.error?.detail ?? answer.error?.title ?? "no answer");
  }
  return answer.data;
}

function refusal(answer: { error?: Problem }): string {
  const problem = answer.error;
  return problem === undefined ? "not refused" : `${problem.status} ${problem.required ?? ""} ${problem.detail} | ${problem.title}`;
}

const me = value(await client.GET("/api/me"));
told["me"] = `${me.id} ${me.kind} ${me.rank} ${me.state} ${me.authentication.method}`;
const users = value(await client.GET("/api/users", { params: { query: { pageSize: 1 } } }));
told["users"] = `${users.items.length} ${users.nextPageToken !== null}`;
const checks = value(await client.POST("/api/checks", {
  body: { checks: [{ namespace: "Rank", object: "Sergeant", relation: "atLeast" }] },
}));
told["check"] = `${checks.results[0]!.allowed}`;

const document = value(await client.POST("/api/documents", { body: { title: "Plan 😀", content: "Text" } }));
const path = { id: document.id };
told["document"] = value(await client.GET("/api/documents/{id}", { params: { path } })).title;
const nobody = value(await client.PUT("/api/documents/{id}/sharing", { params: { path }, body: { editors: [], viewers: [] } }));
told["shared with nobody"] = `${nobody.editors.length} ${nobody.viewers.length} ${nobody.minimumRank ?? ""}`;
const shared = value(await client.PUT("/api/documents/{id}/sharing", {
  params: { path },
  body: { editors: [], viewers: [{ rank: "Major" }], minimumRank: "Colonel" },
}));
told["shared"] = `${shared.viewers[0]!.rank} ${shared.minimumRank}`;
told["another version"] = refusal(await client.PUT("/api/documents/{id}", {
  params: { path, header: { "If-Match": '"another"' } },
  body: { title: "Plan", content: "Text" },
}));
await client.DELETE("/api/documents/{id}", { params: { path } });

const key = value(await client.POST("/api/keys", { body: { name: "report", scopes: ["novaid.read"], capabilities: ["users.view"] } }));
told["key"] = `${key.id} ${key.clientSecret} ${key.tokenEndpointAuthMethod}`;
const keys = value(await client.GET("/api/keys"));
told["keys"] = `${keys.items.find((item) => item.id === key.id)?.capabilities[0]}`;

told["not allowed"] = refusal(await client.GET("/api/logs"));
told["too long"] = refusal(await client.POST("/api/documents", { body: { title: "x".repeat(201), content: "" } }));
process.stdout.write(JSON.stringify(told));
