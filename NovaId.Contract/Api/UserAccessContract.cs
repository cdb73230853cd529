namespace NovaId.Contract.Api;

/// <summary>How a person gets in, for whoever commands them.</summary>
public abstract class UserAccessContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task An_officer_sees_how_somebody_signs_in_and_where_they_are()
    {
        var (major, person) = (await SharedPersonAsync("Major"), await NewPersonAsync("Corporal"));
        var second = await Kratos.LoginAsync(person);

        var access = (await major.Caller.GetAsync($"/api/users/{person.Id}/access")).Expect(200);

        Assert.Equal(new[] { person.Session.Id, second.Id }.Order(), access.Strings("sessions", "id").Order());
        Assert.Contains("password", access.Strings("credentials", "type"));
        Assert.All(access["credentials"].EnumerateArray(), credential => Assert.False(credential.GetProperty("isSecondFactor").GetBoolean()));
        Assert.DoesNotContain("hash", access.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Only_whoever_commands_somebody_sees_it()
    {
        var (major, colonel, captain) = (await SharedPersonAsync("Major"), await SharedPersonAsync("Colonel"), await SharedPersonAsync("Captain"));
        var person = await NewPersonAsync();

        (await major.Caller.GetAsync($"/api/users/{colonel.Id}/access")).ExpectProblem(403);
        (await major.Caller.GetAsync($"/api/users/{major.Id}/access")).ExpectProblem(403);
        (await captain.Caller.GetAsync($"/api/users/{person.Id}/access")).ExpectProblem(403);
        (await major.Caller.GetAsync($"/api/users/{Guid.NewGuid()}/access")).ExpectProblem(404);
    }
}
