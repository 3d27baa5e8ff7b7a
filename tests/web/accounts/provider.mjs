// A real OpenID provider on loopback (oidc-provider) for the tests of the log-in. Whoever comes is let in as `LOGIN`.
// Prints its address; reads from the environment: OUR_BACK, and optionally LOGIN, VERIFIED.
import http from "node:http";
import { Provider } from "oidc-provider";

const server = http.createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;
const login = process.env.LOGIN ?? "sub-of-he-jingxing";

const provider = new Provider(issuer, {
  clients: [{
    client_id: "duban", client_secret: "a secret with signs: +/%& of thirty characters", redirect_uris: [process.env.OUR_BACK],
    response_types: ["code"], grant_types: ["authorization_code"],
    token_endpoint_auth_method: process.env.AUTH ?? "client_secret_basic",
  }],
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"], phone: ["phone_number", "phone_number_verified"] },
  conformIdTokenClaims: false,
  clientAuthMethods: [process.env.AUTH ?? "client_secret_basic"],
  pkce: { required: () => true },
  cookies: { keys: ["only for tests"] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: "何景行", email: "r00006@example.invalid", email_verified: process.env.VERIFIED === "1" }),
  }),
});
provider.on("server_error", (_ctx, error) => console.error(error));

async function letIn(request, response) {
  const details = await provider.interactionDetails(request, response);
  if (details.prompt.name === "login") {
    return provider.interactionFinished(request, response, { login: { accountId: login } });
  }
  const grant = new provider.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
  grant.addOIDCScope(details.params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

const answer = provider.callback();
server.on("request", (request, response) =>
  request.url.startsWith("/interaction/") ? letIn(request, response) : answer(request, response));
console.log(issuer);
