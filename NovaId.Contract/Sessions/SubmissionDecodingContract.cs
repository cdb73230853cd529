using System.Text;

namespace NovaId.Contract.Sessions;

/// <summary>What stands in the body of a submission is read as Kratos reads it, which is as Go does, and is refused in the same words.</summary>
public abstract class SubmissionDecodingContract(IZone zone) : ZoneContract(zone)
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>The type of a body, the body, and what the form says to it.</summary>
    public static TheoryData<string, string, string> Refused { get; } = new()
    {
        { Json, "[]", "Expected JSON sent in request body to be an object but got: JSON" },
        { Json, new string('[', 2000) + new string(']', 2000), "Expected JSON sent in request body to be an object but got: JSON" },
        { Json, "null", "Expected JSON sent in request body to be an object but got: Null" },
        { Json, "\"a\"", "Expected JSON sent in request body to be an object but got: String" },
        { Json, """{"method":"password",}""", "Unable to decode form as JSON." },
        { Json, """{'method':'password'}""", "Unable to decode form as JSON." },
        { Form, "method=password;password=x", "Unable to decode HTTP POST form body: invalid semicolon separator in query" },
        { Form, "method=%zz&password=%yy", "Unable to decode HTTP POST form body: invalid URL escape \"%zz\"" },
        { Form, "method=password&%4", "Unable to decode HTTP POST form body: invalid URL escape \"%4\"" },
        { "application/json; charset", """{"method":"password"}""", "HTTP POST Request used unknown HTTP Header \"Content-Type: application/json; charset\", only [multipart/form-data application/x-www-form-urlencoded application/json] are supported." },
    };

    /// <summary>Members of a registration beside a password and an e-mail address, and what Kratos says of them as of its own fault.</summary>
    public static TheoryData<string, string> Undecodable { get; } = new()
    {
        { "\"traits\":\"x\"", "invalid character 'x' looking for beginning of value" },
        { "\"traits\":\"[1,]\"", "cannot set array element for non-numeric key 'name'" },
        { "\"traits\":[]", "cannot set array element for non-numeric key 'name'" },
        { """ "traits":{"email":"EMAIL","name":{"first":"a\u0000b","last":"c"}}""", "ERROR: unsupported Unicode escape sequence (SQLSTATE 22P05)" },
        { """ "traits":{"email":"EMAIL"},"transient_payload":"x" """, "invalid character 'x' looking for beginning of value" },
    };

    /// <summary>What somebody writes for an e-mail address, and how the form shows it.</summary>
    public static TheoryData<string, string> Shown { get; } = new()
    {
        { "a@example.org\n", @"a@example.org\n" },
        { "a\t@example.org", @"a\t@example.org" },
        { "\"\"@example.org", "@example.org" },
        { "a@\u200bexample.org", @"a@\u200bexample.org" },
        { "a@exam\u00adple.org", @"a@exam\u00adple.org" },
        { "a b@ex\u00e4mple", "a b@ex\u00e4mple" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_body_that_cannot_be_read_is_named(string type, string body, string text)
    {
        foreach (var flow in (string[])["login", "registration", "recovery", "verification"])
        {
            var reply = (await Anonymous.PostAsync(await Kratos.BeginAsync(flow), Body(type, body))).Expect(400);

            Assert.Equal(text, Assert.Single(reply["ui.messages"].EnumerateArray()).GetProperty("text").GetString());
        }
    }

    [Theory]
    [MemberData(nameof(Undecodable))]
    public async Task What_a_decoder_or_the_database_cannot_take_is_told_and_makes_nobody(string members, string message)
    {
        var email = KratosFlows.NewEmail();
        var body = $$"""{"method":"password","password":"{{KratosFlows.NewPassword()}}",{{members.Replace("EMAIL", email, StringComparison.Ordinal)}}}""";

        var reply = (await Anonymous.PostAsync(await Kratos.BeginAsync("registration"), Body(Json, body))).Expect(400);

        Assert.Equal(500, reply["error.code"].GetInt32());
        Assert.Equal(message, reply["error.message"].GetString());
        var found = await (await Operator.CallerAsync()).GetAsync($"/svc/kratos/admin/identities?credentials_identifier={email}");
        Assert.Empty(found.Expect(200).Json.EnumerateArray());
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public async Task What_cannot_be_printed_is_shown_as_an_escape(string email, string shown)
    {
        var reply = (await Anonymous.PostAsync(await Kratos.BeginAsync("recovery"), new { method = "code", email })).Expect(400);

        var message = Assert.Single(reply["ui.nodes"].EnumerateArray().SelectMany(node => node.GetProperty("messages").EnumerateArray()));
        Assert.Equal(4000040, message.GetProperty("id").GetInt32());
        Assert.Equal(shown, message.GetProperty("context").GetProperty("value").GetString());
    }

    [Fact]
    public async Task What_is_nested_deep_and_no_field_is_not_looked_at()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 300)) + "1" + new string('}', 300);

        var reply = (await Anonymous.PostAsync(await Kratos.BeginAsync("login"), Body(Json, deep))).Expect(400);

        Assert.Equal(4010002, Assert.Single(reply["ui.messages"].EnumerateArray()).GetProperty("id").GetInt32());
    }

    private static ByteArrayContent Body(string type, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
