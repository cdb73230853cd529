namespace NovaId.Contract.Api;

/// <summary>What many requests do, and what they do not: nobody shuts anybody else out.</summary>
public abstract class LimitContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task Health_is_answered_however_often_it_is_asked()
    {
        for (var time = 0; time < 200; time++)
        {
            (await Anonymous.GetAsync("/api/health")).Expect(200);
        }
    }

    [Fact]
    public async Task Failed_logins_lock_nobody_out()
    {
        var person = await NewPersonAsync();
        for (var time = 0; time < 6; time++)
        {
            (await Kratos.LoginAsync(person.Email, KratosFlows.NewPassword())).Expect(400);
        }

        (await person.Caller.GetAsync("/api/me")).Expect(200);
        await Kratos.LoginAsync(person);
    }

    [Fact]
    public async Task Who_is_not_recognised_takes_nothing_from_who_is()
    {
        Assert.SkipWhen(Zone.Api is null, $"The API is out of reach past the gateway on this zone ({Zone.Kind}).");
        var person = await NewPersonAsync();
        var direct = Tools.Direct(Zone.Api).WithBearer(Jwt.Forge(await GeneralClaimsAsync(), "ES256", Guid.NewGuid().ToString()));
        for (var time = 0; time < 20; time++)
        {
            (await direct.GetAsync("/api/me")).ExpectProblem(401);
            (await person.Caller.GetAsync("/api/me")).Expect(200);
        }
    }
}
