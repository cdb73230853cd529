using System.Text;

namespace NovaId.Contract.OAuth2;

/// <summary>What a client writes unusually is read as Hydra reads it, and whatever is wrong gets an answer in the form of OAuth2.</summary>
public abstract class RequestDecodingContract(IZone zone) : ZoneContract(zone)
{
    private const string Grant = "grant_type=client_credentials&scope=novaid.read&audience=novaid-api";

    /// <summary>Bodies of a token request, with the status and the error that they get; none where it is a token.</summary>
    public static TheoryData<string, int, string?> Bodies { get; } = new()
    {
        // A pair that cannot be decoded is left out.
        { $"{Grant}&junk=%zz", 200, null },
        { $"{Grant}&%zz=junk", 200, null },
        { $"{Grant}&junk=%", 200, null },
        { $"junk;junk=1&{Grant}", 200, null },
        { $"=junk&{Grant}&&", 200, null },
        { "grant_type=%zz&scope=novaid.read", 400, "invalid_request" },
        { "grant_type=%00", 400, "invalid_request" },
        { "grant_type=client_credentials%00", 400, "invalid_request" },
        { "grant_type=%ff%fe", 400, "invalid_request" },
        { "%00=%00", 400, "invalid_request" },
        { "", 400, "invalid_request" },
        // The first of several counts, and a grant that stands twice is another.
        { $"{Grant}&grant_type=magic", 200, null },
        { $"grant_type=magic&{Grant}", 400, "invalid_request" },
        { "grant_type=client_credentials+client_credentials", 400, "invalid_request" },
        { "GRANT_TYPE=client_credentials", 400, "invalid_request" },
        // White space around a word does not count.
        { "grant_type=client_credentials%0A&scope=%09novaid.read+&audience=novaid-api", 200, null },
        { $"{Grant.Replace("novaid.read", "novaid.read%00", StringComparison.Ordinal)}", 400, "invalid_scope" },
        { $"{Grant.Replace("novaid.read", "%ff", StringComparison.Ordinal)}", 400, "invalid_scope" },
        { "grant_type=authorization_code&code=%00&redirect_uri=%00&code_verifier=%00", 400, "invalid_grant" },
        { "grant_type=refresh_token&refresh_token=nothing", 400, "invalid_grant" },
        { "grant_type=refresh_token&refresh_token=%ff.%ff", 500, "server_error" },
        { "grant_type=refresh_token&refresh_token=%00.%00", 500, "server_error" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_token_request_is_read_as_Go_reads_it(string body, int status, string? error)
    {
        var client = await SharedClientAsync();

        var reply = await As(client).PostAsync("/oauth2/token", new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"));

        Assert.Equal(error, reply.Expect(status).Json.TryGetProperty("error", out var code) ? code.GetString() : null);
    }

    [Theory]
    [InlineData("application/json", "{\"grant_type\":\"client_credentials\"}", 400)]
    [InlineData("text/plain", Grant, 400)]
    [InlineData("application/x-www-form-urlencoded; charset=\"utf-8\"", Grant, 200)]
    [InlineData("APPLICATION/X-WWW-FORM-URLENCODED", Grant, 200)]
    [InlineData("multipart/form-data", "nothing", 400)]
    [InlineData("multipart/form-data; boundary=b", "nothing", 400)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\nclient_credentials\r\n--b--\r\n", 200)]
    public async Task A_token_request_may_be_any_kind_of_form(string type, string body, int status)
    {
        var client = await SharedClientAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        var reply = (await As(client).PostAsync("/oauth2/token", content)).Expect(status);

        Assert.Equal(status == 200, reply.Json.TryGetProperty("access_token", out _));
    }

    /// <summary>Client credentials as they stand in the header before Base64, for a client whose secret is <c>percent%zz+ 😀</c>.</summary>
    [Theory]
    [InlineData("{id}:percent%zz+ 😀", 400, "invalid_request")]
    [InlineData("%zz:percent%25zz%2B+%F0%9F%98%80", 400, "invalid_request")]
    [InlineData("{id}:percent%25zz%2B+%F0%9F%98%80", 200, null)]
    [InlineData("{id}:percent%25zz%2B%20%F0%9F%98%80", 200, null)]
    [InlineData("{id}:percent%25zz+ %F0%9F%98%80", 401, "invalid_client")]
    [InlineData("{id}:%00", 401, "invalid_client")]
    [InlineData("%00:%00", 401, "invalid_client")]
    [InlineData("{id}:", 401, "invalid_client")]
    public async Task Client_credentials_are_encoded_as_a_form(string credentials, int status, string? error)
    {
        var client = await Operator.CreateClientAsync(secret: "percent%zz+ 😀");
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials.Replace("{id}", client.Id, StringComparison.Ordinal)));

        var reply = await Anonymous.With("Authorization", $"Basic {basic}")
            .PostAsync("/oauth2/token", new StringContent(Grant, Encoding.UTF8, "application/x-www-form-urlencoded"));

        Assert.Equal(error, reply.Expect(status).Json.TryGetProperty("error", out var code) ? code.GetString() : null);
    }

    [Theory]
    [InlineData("/oauth2/revoke", "token=%00", 200)]
    [InlineData("/oauth2/revoke", "token=%ff.%ff&token_type_hint=%00", 200)]
    [InlineData("/oauth2/revoke", "junk=%zz", 400)]
    [InlineData("/oauth2/device/auth", "client_id=%00", 400)]
    [InlineData("/oauth2/device/auth", "junk=%zz", 400)]
    public async Task Every_endpoint_of_programs_answers_in_the_form_of_OAuth2(string target, string body, int status)
    {
        var reply = await As(await SharedClientAsync())
            .PostAsync(target, new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"));

        reply.Expect(status);
        Assert.True(status == 200 || reply.Json.TryGetProperty("error", out _));
    }

    [Theory]
    [InlineData("/oauth2/auth?client_id=%00")]
    [InlineData("/oauth2/auth?client_id=%ff&state=%ff")]
    [InlineData("/oauth2/auth?login_verifier=%00&client_id=x")]
    [InlineData("/oauth2/auth?=&=&client_id=x&max_age=%00")]
    [InlineData("/oauth2/sessions/logout?id_token_hint=%00")]
    [InlineData("/oauth2/sessions/logout?logout_verifier=%ff")]
    public async Task Every_endpoint_of_browsers_leads_to_the_error_page(string target)
    {
        var page = await NewBrowser().FollowAsync(target);

        Assert.Equal(Pages.Of("error"), page.GetLeftPart(UriPartial.Path));
        Assert.NotEqual("", Browser.Query(page, "error"));
    }

    [Theory]
    [InlineData("/userinfo?access_token=%00", 401)]
    [InlineData("/userinfo?access_token=%ff.%ff", 401)]
    [InlineData("/oauth2/device/verify?device_verifier=%00", 403)]
    [InlineData("/oauth2/device/verify?login_verifier=%00&client_id=%00", 500)]
    [InlineData("/oauth2/device/verify?login_verifier=%00&client_id=nobody", 404)]
    public async Task An_endpoint_that_has_no_page_answers_in_the_form_of_OAuth2(string target, int status) =>
        Assert.True((await Anonymous.GetAsync(target)).Expect(status).Json.TryGetProperty("error", out _));

    [Theory]
    [InlineData("😀😀", true)]
    [InlineData("ééé字", true)]
    [InlineData("1234567", false)]
    [InlineData("😀字", false)]
    public async Task A_state_is_measured_in_bytes(string state, bool isEnough)
    {
        var flow = NewFlow(await SharedClientAsync());
        flow.Parameters["state"] = state;

        var page = await flow.BeginAsync();

        if (isEnough)
        {
            Assert.Equal(Pages.Of("login"), page.GetLeftPart(UriPartial.Path));
        }
        else
        {
            Assert.Equal("invalid_state", Browser.Query(page, "error"));
        }
    }

    [Theory]
    [InlineData("code code", "unsupported_response_type")]
    [InlineData("code token", "unsupported_response_type")]
    [InlineData("", "unsupported_response_type")]
    public async Task A_response_type_that_the_client_does_not_have_is_refused(string type, string error)
    {
        var flow = NewFlow(await SharedClientAsync());
        flow.Parameters["response_type"] = type;

        Assert.Equal(error, Error(await flow.BeginAsync()));
    }

    [Fact]
    public async Task A_response_type_in_capitals_is_found_out_when_the_code_is_to_be_made()
    {
        var (flow, person) = (NewFlow(await SharedClientAsync()), await SharedPersonAsync());
        flow.Parameters["response_type"] = "Code";

        var end = await flow.GrantAsync(person.Id);

        Assert.Equal("", end.Query);
        Assert.Contains("error=server_error", end.Fragment, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_max_age_that_is_no_number_is_found_out_on_the_second_visit()
    {
        var (client, person) = (await SharedClientAsync(), await SharedPersonAsync());
        var flow = NewFlow(client);
        flow.Parameters["max_age"] = "x";
        var challenge = Browser.Query(await flow.BeginAsync(), "login_challenge");
        await flow.Browser.FollowAsync(await Operator.RememberLoginAsync(challenge, person.Id, ""));

        Assert.Equal("error", Error(await flow.BeginAsync()));
    }

    [Fact]
    public async Task Challenges_and_verifiers_are_as_long_as_a_page_must_have_room_for()
    {
        var flow = NewFlow(await SharedClientAsync());

        var challenge = Browser.Query(await flow.BeginAsync(), "login_challenge");
        var next = await Operator.AcceptLoginAsync(challenge, (await SharedPersonAsync()).Id);

        Assert.InRange(challenge.Length, 1000, 2600);
        Assert.InRange(next.Length, 1500, 4500);
        Assert.InRange(Browser.Query(await flow.Browser.FollowAsync(next), "consent_challenge").Length, 1000, 2800);
    }

    [Theory]
    [InlineData("\"subject\":\"{id}\",\"subject\":null", true)]
    [InlineData("\"subject\":\"nobody\",\"subject\":\"{id}\"", true)]
    [InlineData("\"SUBJECT\":\"{id}\"", true)]
    [InlineData("\"subject\":\"nobody\",\"Subject\":\"{id}\"", true)]
    [InlineData("\"subject\":7", false)]
    [InlineData("\"subject\":\"{id}\",\"remember\":\"yes\"", false)]
    [InlineData("\"subject\":\"{id}\",\"remember_for\":1.5", false)]
    public async Task An_answer_of_a_page_is_read_as_Go_reads_JSON(string members, bool isTaken)
    {
        var (flow, person) = (NewFlow(await SharedClientAsync()), await SharedPersonAsync());
        var challenge = Browser.Query(await flow.BeginAsync(), "login_challenge");
        var body = $"{{{members.Replace("{id}", person.Id, StringComparison.Ordinal)}}} and a tail";

        var reply = await (await Operator.CallerAsync()).PutAsync(
            $"/svc/hydra/admin/oauth2/auth/requests/login/accept?login_challenge={challenge}", new StringContent(body, Encoding.UTF8, "text/plain"));

        if (isTaken)
        {
            var consentPage = await flow.Browser.FollowAsync(new Uri(reply.Expect(200)["redirect_to"].GetString()!).PathAndQuery);
            var request = await (await Operator.CallerAsync()).GetAsync(
                $"/svc/hydra/admin/oauth2/auth/requests/consent?consent_challenge={Browser.Query(consentPage, "consent_challenge")}");
            Assert.Equal(person.Id, request.Expect(200)["subject"].GetString());
        }
        else
        {
            Assert.Equal("invalid_request", reply.Expect(400)["error"].GetString());
        }
    }

    private static string Error(Uri page) => Browser.Query(page, "error");

    private static string Basic(OAuth2Client client) => OAuth2Flows.Basic(client.Id, client.Secret!);

    private Caller As(OAuth2Client client) => Anonymous.With("Authorization", Basic(client));

    private Task<OAuth2Client> SharedClientAsync() => Operator.CreateClientAsync();
}
