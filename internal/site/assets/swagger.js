// Swagger UI in front of this server. With the sandbox, one click makes every
// call one of somebody who lives there.
"use strict";

(async () => {
  const description = await (await fetch("/openapi.v3.json")).json();
  prefill(description);

  let token = "";
  for (const button of document.querySelectorAll(".person")) {
    button.addEventListener("click", () => {
      token = button.dataset.token;
      for (const other of document.querySelectorAll(".person")) other.setAttribute("aria-pressed", String(other === button));
    });
  }

  SwaggerUIBundle({
    spec: description,
    dom_id: "#swagger",
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    displayRequestDuration: true,
    filter: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    requestInterceptor: (request) => {
      // What was typed under Authorize stands; the button is for the rest.
      if (token && !request.headers.authorization && !request.headers.Authorization) {
        request.headers.authorization = `Bearer ${token}`;
      }
      return request;
    },
  });
})();

// The description's examples show every field there is, and Swagger UI puts them
// all into its forms: a first call would be one that nobody makes. Only what is
// required is filled in; of the rest, the example stands in the text beside it.
function prefill(description) {
  const follow = (object) => object.$ref
    ? object.$ref.slice(2).split("/").reduce((at, part) => at[part.replaceAll("~1", "/").replaceAll("~0", "~")], description)
    : object;
  for (const path of Object.values(description.paths)) {
    for (const operation of Object.values(path)) {
      for (const parameter of (operation.parameters || []).map(follow)) {
        if (parameter.required || parameter.example === undefined) continue;
        const example = [].concat(parameter.example).join(", ");
        parameter.description = `${parameter.description || ""}\n\nExample: \`${example}\``;
        delete parameter.example;
      }
      for (const content of Object.values(operation.requestBody ? follow(operation.requestBody).content : {})) {
        const required = follow(content.schema).required;
        if (!required || !content.example) continue;
        content.example = Object.fromEntries(Object.entries(content.example).filter(([name]) => required.includes(name)));
      }
    }
  }
}
