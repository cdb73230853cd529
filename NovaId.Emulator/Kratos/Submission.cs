using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;
using NovaId.Emulator.Postgres;

namespace NovaId.Emulator.Kratos;

/// <summary>
/// What was sent to a flow. Kratos reads JSON as it reads a form: members at the top are fields, and every field has a text. Fields that
/// no schema names are not seen.
/// </summary>
internal sealed class Submission(IReadOnlyDictionary<string, string> fields)
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Multipart = "multipart/form-data";
    private const string Json = "application/json";

    public IReadOnlyDictionary<string, string> Fields => fields;

    /// <summary>The text of a field; null if it was not sent, or empty.</summary>
    public string? this[string name] => fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The truth value of a field; false if it was not sent.</summary>
    /// <exception cref="FormException">It is none.</exception>
    public bool Truth(string name) =>
        this[name] is { } text && (GoBoolean(text) ?? throw new FormException(UiMessage.WrongType("boolean", "string"), name));

    /// <exception cref="KratosException">The body is not one of these (400).</exception>
    public static async Task<Submission> ReadAsync(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return FromForm(await GoForm.ReadAsync(request), request.Method);
        }

        if (request.ContentLength == 0)
        {
            throw KratosException.BadRequest("Unable to decode HTTP Request Body because its HTTP Header \"Content-Length\" is zero.");
        }

        switch (GoForm.HasMalformedParameter(request) ? "" : GoForm.MediaTypeOf(request))
        {
            case Json:
                return FromJson(await RequestBody.ReadAsync(request));
            case Form:
                return FromForm(await GoForm.ReadAsync(request), request.Method);
            case Multipart:
                // Kratos lets the type pass and then reads no field of it.
                return new Submission(new Dictionary<string, string>());
            default:
                throw KratosException.BadRequest(
                    $"HTTP {request.Method} Request used unknown HTTP Header \"Content-Type: {request.ContentType}\", "
                    + $"only [{Multipart} {Form} {Json}] are supported.");
        }
    }

    /// <summary>What the sender wants handed on to the hooks; Kratos shows it again where it has not read the flow anew.</summary>
    public JsonObject TransientPayload()
    {
        try
        {
            return this["transient_payload"] is { } text && JsonNode.Parse(text) is JsonObject payload ? payload : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>What was sent in the body, with what stands in the query: that counts more beside JSON, and less beside a form.</summary>
    /// <exception cref="KratosException">The body is not one of those that Kratos reads (400).</exception>
    public static async Task<Submission> ReadWithQueryAsync(HttpRequest request)
    {
        var body = await ReadAsync(request);
        if (GoForm.MediaTypeOf(request) == Multipart)
        {
            return body;
        }

        var merged = new Dictionary<string, string>(body.Fields, StringComparer.Ordinal);
        var values = (await GoForm.ReadAsync(request)).All;
        foreach (var name in values.Names)
        {
            merged[name] = values[name];
        }

        return new Submission(merged);
    }

    /// <exception cref="KratosException">The request is no POST (400).</exception>
    public static void RequirePost(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            throw KratosException.BadRequest(
                $"Unable to decode body because HTTP Request Method was \"{request.Method}\" but only [POST] are supported.");
        }
    }

    /// <summary>The traits that were sent, whole as JSON or one by one; the objects among them are there even if nothing was sent.</summary>
    public JsonElement Traits(IdentitySchema schema)
    {
        if (this["transient_payload"] is { } payload && GoSyntax.ProblemOfWhole(GoText.Encode(payload)) is { } problem)
        {
            throw KratosException.Undecodable(problem);
        }

        // Kratos puts the members one by one into the text, before anybody looks whether that is JSON.
        if ((this["traits"] ?? "").AsSpan().TrimStart(" \t\r\n") is ['[', ..])
        {
            throw KratosException.Undecodable($"cannot set array element for non-numeric key '{schema.Objects().First(name => name != "traits").Split('.')[^1]}'");
        }

        var traits = this["traits"] is { } whole ? ParseTraits(whole) : new JsonObject();
        if (traits is JsonObject root)
        {
            foreach (var (name, node, required) in schema.Inputs)
            {
                if (fields.TryGetValue(name, out var text) && Convert(text, node, required) is { } value)
                {
                    Put(root, name, value);
                }
            }

            foreach (var name in schema.Objects().Where(name => name != "traits"))
            {
                Put(root, name, null);
            }
        }

        return Storable(KratosJson.ToElement(traits));
    }

    /// <summary>Refuses what PostgreSQL keeps in no column of JSON. In a flow, Kratos takes that for a mistake of whoever sent it.</summary>
    private static JsonElement Storable(JsonElement traits) => PostgresText.Refusal(traits) is { } refusal
        ? throw KratosException.Undecodable(refusal)
        : traits;

    /// <summary>Kratos passes half a character in traits on as it is written, and PostgreSQL refuses it.</summary>
    private static void RequireStorableTraits(byte[] body)
    {
        if (!GoJson.HasHalf(body))
        {
            return;
        }

        var reader = new Utf8JsonReader(body, GoJson.Options);
        using var document = JsonDocument.ParseValue(ref reader);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.NameEquals("traits"u8) && GoJson.HasHalf(System.Text.Encoding.UTF8.GetBytes(member.Value.GetRawText())))
            {
                throw KratosException.Undecodable("ERROR: invalid input syntax for type json (SQLSTATE 22P02)");
            }
        }
    }

    /// <summary>Unlike Hydra, Kratos refuses a form of which something cannot be decoded, be it in the address.</summary>
    private static Submission FromForm(GoForm form, string method)
    {
        if (form.Problem is { } problem)
        {
            throw KratosException.BadRequest($"Unable to decode HTTP {method.ToUpperInvariant()} form body: {problem}");
        }

        var values = HttpMethods.IsPost(method) ? form.Post : form.All;
        return new Submission(values.Names.ToDictionary(name => name, name => values[name], StringComparer.Ordinal));
    }

    private static Submission FromJson(byte[] body)
    {
        // Kratos names an array like the whole of which it is one.
        if (body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'[', ..] && GoSyntax.Problem(body) is null)
        {
            throw KratosException.BadRequest("Expected JSON sent in request body to be an object but got: JSON");
        }

        JsonElement root;
        try
        {
            root = GoJson.Decode(body);
        }
        catch (JsonException exception)
        {
            throw KratosException.BadRequestMessage(exception.Message, "Unable to decode form as JSON.");
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            throw KratosException.BadRequest($"Expected JSON sent in request body to be an object but got: {root.ValueKind}");
        }

        RequireStorableTraits(body);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject())
        {
            fields[member.Name] = member.Value.ValueKind switch
            {
                JsonValueKind.String => member.Value.GetString()!,
                JsonValueKind.Null => "",
                _ => member.Value.GetRawText(),
            };
        }

        return new Submission(fields);
    }

    private static JsonNode? ParseTraits(string text)
    {
        try
        {
            return KratosJson.ToNode(KratosJson.Parse(text));
        }
        catch (JsonException exception)
        {
            throw KratosException.Undecodable(exception.Message);
        }
    }

    /// <summary>A text as the value that the schema expects; what does not convert stays a text and is refused by the schema.</summary>
    private static JsonValue? Convert(string text, SchemaNode node, bool required)
    {
        switch (node.Type)
        {
            case "string":
                return text.Length == 0 ? null : JsonValue.Create(text);
            case "boolean":
                return text.Length == 0
                    ? required ? JsonValue.Create(false) : null
                    : GoBoolean(text) is { } truth ? JsonValue.Create(truth) : JsonValue.Create(text);
            default:
                if (text.Length == 0)
                {
                    return required ? JsonValue.Create(0.0) : null;
                }

                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    ? JsonValue.Create(number)
                    : JsonValue.Create(text);
        }
    }

    /// <summary>The truth values that Go reads; null for anything else.</summary>
    public static bool? GoBoolean(string? text) => text switch
    {
        "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
        _ => null,
    };

    /// <summary>Puts a value at a path below "traits", or an empty object if there is nothing yet.</summary>
    private static void Put(JsonObject root, string path, JsonValue? value)
    {
        var names = path.Split('.')[1..];
        var parent = root;
        foreach (var name in names[..^1])
        {
            if (parent[name] is null)
            {
                parent[name] = new JsonObject();
            }

            if (parent[name] is not JsonObject child)
            {
                return;
            }

            parent = child;
        }

        if (value is not null)
        {
            parent[names[^1]] = value;
        }
        else if (!parent.ContainsKey(names[^1]))
        {
            parent[names[^1]] = new JsonObject();
        }
    }
}
