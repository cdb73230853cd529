using System.Text;

namespace NovaId.Contract.Gateway;

/// <summary>What the operator sends to the services is read as Go reads it, and what is of the wrong kind is named as Go names it.</summary>
public abstract class ServiceDecodingContract(IZone zone) : ZoneContract(zone)
{
    private const string Identities = "/svc/kratos/admin/identities";
    private const string RecoveryCodes = "/svc/kratos/admin/recovery/code";
    private const string Tuples = "/svc/keto/relation-tuples";
    private const string BatchCheck = $"{Tuples}/batch/check";
    private const string Write = "/svc/keto/admin/relation-tuples";

    private static readonly string Deep = new string('[', 300) + new string(']', 300);

    /// <summary>Method, address, body and what the answer says. ID is the id of an identity.</summary>
    public static TheoryData<string, string, string, string> Refused { get; } = new()
    {
        { "POST", Identities, "[]", "json: cannot unmarshal array into Go value of type identity.CreateIdentityBody" },
        { "POST", Identities, "{", "unexpected EOF" },
        { "POST", Identities, "null", "missing properties: \"email\"" },
        { "POST", Identities, """{"schema_id":true}""", "json: cannot unmarshal bool into Go struct field CreateIdentityBody.schema_id of type string" },
        { "POST", Identities, """{"state":1}""", "json: cannot unmarshal number into Go struct field CreateIdentityBody.state of type identity.State" },
        { "POST", Identities, """{"traits":null}""", "expected object, but got null" },
        { "POST", Identities, """{"verifiable_addresses":{}}""", "json: cannot unmarshal object into Go struct field CreateIdentityBody.verifiable_addresses of type []identity.VerifiableAddress" },
        { "POST", Identities, """{"verifiable_addresses":[1]}""", "json: cannot unmarshal number into Go struct field CreateIdentityBody.verifiable_addresses of type identity.VerifiableAddress" },
        { "POST", Identities, """{"credentials":{"password":{"config":{"password":1}}}}""", "json: cannot unmarshal number into Go struct field AdminIdentityImportCredentialsPasswordConfig.credentials.password.config.password of type string" },
        { "PATCH", $"{Identities}/ID", "", "invalid state detected" },
        { "PATCH", $"{Identities}/ID", """[{"op":"replace","path":"/state","value":"active"}]x""", "invalid state detected" },
        { "PATCH", $"{Identities}/ID", "{}", "json: cannot unmarshal object into Go value of type jsonpatch.Patch" },
        { "PATCH", $"{Identities}/ID", "[1]", "json: cannot unmarshal number into Go value of type jsonpatch.Operation" },
        { "PATCH", $"{Identities}/ID", "[null]", "invalid operation null: unsupported operation" },
        { "PATCH", $"{Identities}/ID", """[{"op":"add"}]""", """invalid operation {"op":"add"}: failed to decode 'value': operation, missing value field: missing value""" },
        { "PATCH", $"{Identities}/ID", """[{"op":"remove"}]""", """invalid operation {"op":"remove"}: failed to decode 'path': operation missing path field: missing value""" },
        { "PATCH", $"{Identities}/ID", """[{"op":"test","path":"/state","value":"active"}]""", "unsupported operation: test" },
        { "PATCH", $"{Identities}/ID", """[{"op":"replace","path":"/state","value":1}]""", "json: cannot unmarshal number into Go struct field WithCredentialsAndAdminMetadataInJSON.state of type identity.State" },
        { "POST", RecoveryCodes, "[]", "json: cannot unmarshal array into Go value of type code.createRecoveryCodeForIdentityBody" },
        { "POST", RecoveryCodes, """{"expires_in":1}""", "json: cannot unmarshal number into Go struct field createRecoveryCodeForIdentityBody.expires_in of type string" },
        { "POST", RecoveryCodes, """{"identity_id":"ID",}""", "invalid character '}' looking for beginning of object key string" },
        { "POST", BatchCheck, "[]", "could not unmarshal json: json: cannot unmarshal array into Go value of type check.batchCheckPermissionBody" },
        { "POST", BatchCheck, "x", "could not unmarshal json: invalid character 'x' looking for beginning of value" },
        { "POST", BatchCheck, """{"tuples":{}}""", "could not unmarshal json: json: cannot unmarshal object into Go struct field batchCheckPermissionBody.tuples of type []*ketoapi.RelationTuple" },
        { "POST", BatchCheck, """{"tuples":[{"subject_id":1}]}""", "could not unmarshal json: json: cannot unmarshal number into Go struct field RelationTuple.tuples.subject_id of type string" },
        { "POST", BatchCheck, new string('[', 600), "could not unmarshal json: unexpected EOF" },
        { "PATCH", Write, "{}", "json: cannot unmarshal object into Go value of type []*ketoapi.PatchDelta" },
        { "PATCH", Write, "[1]", "json: cannot unmarshal number into Go value of type ketoapi.PatchDelta" },
        { "PATCH", Write, """[{"action":1}]""", "json: cannot unmarshal number into Go struct field PatchDelta.action of type ketoapi.PatchAction" },
        { "GET", $"{Tuples}?page_token=x", "", "decode token: illegal base64 data at input byte 0" },
        { "GET", $"{Tuples}?page_token=a%20b", "", "decode token: illegal base64 data at input byte 1" },
        { "GET", $"{Tuples}?namespace=%00", "", """Unknown namespace with name "\x00".""" },
        { "GET", $"{Tuples}?namespace=%ff", "", """Unknown namespace with name "\xff".""" },
    };

    /// <summary>Members of a question in which a text is one that no column holds, and what is said to them.</summary>
    public static TheoryData<string, string?> Questions { get; } = new()
    {
        { """{"namespace":"Rank","object":"a\u0000b","relation":"members","subject_id":"s"}""", null },
        { """{"namespace":"Rank","object":"o","relation":"members","subject_id":"a\u0000b"}""", null },
        { """{"namespace":"Rank","object":"o","relation":"members","subject_set":{"namespace":"Rank","object":"a\u0000b","relation":"members"}}""", null },
        { """{"namespace":"Rank","object":"o","relation":"members","subject_set":{"namespace":"Rank","object":"x","relation":"a\u0000b"}}""", "unable to fetch records: ERROR: invalid byte sequence for encoding \"UTF8\": 0x00 (SQLSTATE 22021)" },
        { """{"namespace":"Rank","object":"o","relation":"a\u0000b","subject_id":"s"}""", "The request was malformed or contained invalid parameters" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_of_the_wrong_kind_is_named(string method, string path, string body, string text)
    {
        var id = (await SharedPersonAsync()).Id;
        var content = body.Length == 0 && method == "GET" ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body.Replace("ID", id, StringComparison.Ordinal)));
        content?.Headers.TryAddWithoutValidation("Content-Type", "application/json");

        var reply = await (await Operator.CallerAsync()).SendAsync(new HttpMethod(method), path.Replace("ID", id, StringComparison.Ordinal), content);

        var error = reply.Expect(path.Contains("?namespace", StringComparison.Ordinal) ? 404 : 400)["error"];
        var reason = error.TryGetProperty("reason", out var said) ? said.GetString() : null;
        Assert.Contains(text, $"{error.GetProperty("message").GetString()}\n{reason}", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task A_check_holds_nothing_and_so_takes_what_cannot_be_held(string tuple, string? error)
    {
        var content = new StringContent($$"""{"tuples":[{{tuple}}]}""", Encoding.UTF8, "application/json");

        var reply = (await (await Operator.CallerAsync()).PostAsync(BatchCheck, content)).Expect(200);

        var result = Assert.Single(reply["results"].EnumerateArray());
        Assert.False(result.GetProperty("allowed").GetBoolean());
        Assert.Equal(error, result.TryGetProperty("error", out var said) ? said.GetString() : null);
    }

    [Fact]
    public async Task What_is_nested_deep_and_no_field_is_not_looked_at()
    {
        var content = new StringContent(
            $$"""{"tuples":[{"namespace":"Rank","object":"o","relation":"members","subject_id":"s","more":{{Deep}}}]}""", Encoding.UTF8, "application/json");

        var reply = (await (await Operator.CallerAsync()).PostAsync(BatchCheck, content)).Expect(200);

        Assert.False(Assert.Single(reply["results"].EnumerateArray()).GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task A_patch_of_null_changes_nothing_and_one_of_nobody_is_not_read()
    {
        var person = await NewPersonAsync();
        var caller = await Operator.CallerAsync();

        var reply = (await caller.PatchAsync($"{Identities}/{person.Id}", new StringContent("null", Encoding.UTF8, "application/json"))).Expect(200);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, reply["metadata_admin"].ValueKind);
        (await caller.PatchAsync($"{Identities}/{Guid.NewGuid()}", new StringContent("x", Encoding.UTF8, "application/json"))).Expect(404);
    }
}
