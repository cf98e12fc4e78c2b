// Without a validator elsewhere: the page asks nobody but the server that it came from.
SwaggerUIBundle({ url: "openapi.json", dom_id: "#ui", validatorUrl: null, deepLinking: true });
