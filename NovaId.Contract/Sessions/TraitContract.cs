using System.Text;

namespace NovaId.Contract.Sessions;

/// <summary>What a person may write about themselves, and how it is read: addresses by Go's net/mail, JSON by its decoder, text as
/// PostgreSQL keeps it.</summary>
public abstract class TraitContract(IZone zone) : ZoneContract(zone)
{
    [Theory]
    [InlineData("a.@example.org", false)]
    [InlineData(".a@example.org", false)]
    [InlineData("a..b@example.org", false)]
    [InlineData("a.b@example.org", true)]
    [InlineData("a@example.org.", false)]
    [InlineData("a@example", true)]
    [InlineData("a@-example.org", false)]
    [InlineData("a@example-.org", false)]
    [InlineData("a@example.-org", true)]
    [InlineData("a@exa_mple.org", false)]
    [InlineData("a@[127.0.0.1]", false)]
    [InlineData("a b@example.org", false)]
    [InlineData("\"a b\"@example.org", true)]
    [InlineData("\"\"@example.org", false)]
    [InlineData("\"a\"b@example.org", false)]
    [InlineData("\"a@b\"@example.org", true)]
    [InlineData("a,b@example.org", false)]
    [InlineData("a+b=c'd@example.org", true)]
    [InlineData("<a@example.org>", false)]
    [InlineData("A <a@example.org>", false)]
    [InlineData("a@example.org (b)", false)]
    [InlineData("é字😀@example.org", true)]
    [InlineData("a@exämple.org", false)]
    [InlineData("@example.org", false)]
    [InlineData("a@", false)]
    [InlineData("a", false)]
    public async Task An_address_is_one_that_Go_parses(string form, bool isTaken)
    {
        var unique = Guid.NewGuid().ToString("N")[..12];
        var host = form.LastIndexOf("example", StringComparison.Ordinal);
        var email = host < 0 ? form : form.Insert(host, $"{unique}.").Replace($"-{unique}.", "-", StringComparison.Ordinal);
        email = form.Contains("exa_mple", StringComparison.Ordinal) || form.Contains("@-", StringComparison.Ordinal) ? form : email;

        await RegisterAsync(email, isTaken);
    }

    [Theory]
    [InlineData("a", 64, true)]
    [InlineData("a", 65, false)]
    [InlineData("é", 32, true)]
    [InlineData("é", 33, false)]
    [InlineData("😀", 16, true)]
    [InlineData("😀", 17, false)]
    public async Task The_length_of_an_address_is_measured_in_bytes(string letter, int count, bool isTaken) =>
        await RegisterAsync($"{string.Concat(Enumerable.Repeat(letter, count))}@{Guid.NewGuid():N}.test", isTaken);

    [Fact]
    public async Task Text_that_the_database_cannot_keep_is_refused()
    {
        var (email, password) = (KratosFlows.NewEmail(), KratosFlows.NewPassword());

        (await Kratos.RegisterAsync(password, new { email, name = new { first = "a\0b" } })).Expect(400);

        (await Kratos.LoginAsync(email, password)).Expect(400);
        Assert.Equal("a", await NameAsync(new { email = KratosFlows.NewEmail(), name = new { first = "a" } }));
    }

    [Fact]
    public async Task Of_a_member_that_stands_twice_the_last_counts_and_what_follows_is_not_read()
    {
        var email = KratosFlows.NewEmail();

        var reply = await SubmitAsync(
            $$"""{"method":"code","method":"password","password":"{{KratosFlows.NewPassword()}}","traits":{"email":"a","name":{"first":"A"},"email":"{{email}}"} } tail""");

        Assert.Equal(email, reply.Expect(200)["identity.traits.email"].GetString());
        Operator.Remember(reply["identity.id"].GetString()!);
    }

    [Theory]
    [InlineData("\\ud800x")]
    [InlineData("x\\ude00")]
    [InlineData("\\ud83d\\ud83d")]
    public async Task Half_a_character_is_refused(string name) => (await SubmitAsync(
        $$$"""{"method":"password","password":"{{{KratosFlows.NewPassword()}}}","traits":{"email":"{{{KratosFlows.NewEmail()}}}","name":{"first":"{{{name}}}"} } }"""))
        .Expect(400);

    [Theory]
    [InlineData("\uFEFF{}")]
    [InlineData("{\"method\":\"password\",}")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task A_body_that_is_no_object_is_refused(string body) => (await SubmitAsync(body)).Expect(400);

    [Fact]
    public async Task A_form_of_which_something_cannot_be_decoded_is_refused() =>
        (await Anonymous.PostAsync(
            await Kratos.BeginAsync("registration"),
            new StringContent("method=password&junk=%zz", Encoding.UTF8, "application/x-www-form-urlencoded"))).Expect(400);

    private async Task RegisterAsync(string email, bool isTaken)
    {
        var reply = (await Kratos.RegisterAsync(KratosFlows.NewPassword(), new { email })).Expect(isTaken ? 200 : 400);
        if (isTaken)
        {
            Operator.Remember(reply["identity.id"].GetString()!);
        }
    }

    private async Task<string?> NameAsync(object traits)
    {
        var reply = (await Kratos.RegisterAsync(KratosFlows.NewPassword(), traits)).Expect(200);
        Operator.Remember(reply["identity.id"].GetString()!);
        return reply["identity.traits.name.first"].GetString();
    }

    private async Task<Reply> SubmitAsync(string body) => await Anonymous.PostAsync(
        await Kratos.BeginAsync("registration"), new StringContent(body, Encoding.UTF8, "application/json"));
}
