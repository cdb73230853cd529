using NovaId.Contract.Api;

namespace NovaId.Contract.Faults;

/// <summary>A service fails while an account is deleted: no right is left, and whoever repeats the deletion finishes it.</summary>
public abstract class AccountFaultContract(IZone zone) : ZoneContract(zone)
{
    [Theory]
    [InlineData(FaultyService.Kratos, FaultMode.Stopped)]
    [InlineData(FaultyService.Kratos, FaultMode.ServerError)]
    [InlineData(FaultyService.Keto, FaultMode.Stopped)]
    [InlineData(FaultyService.Keto, FaultMode.Hanging)]
    [InlineData(FaultyService.Hydra, FaultMode.Stopped)]
    [InlineData(FaultyService.Gateway, FaultMode.Cut)]
    public async Task A_deletion_that_is_killed_half_way_is_finished_by_its_repetition(FaultyService service, FaultMode mode)
    {
        Assert.SkipWhen(Zone.Faults is null, $"Nothing can be made to fail on this zone ({Zone.Kind}).");
        Assert.SkipUnless(Zone.Faults.Supports(service, mode), $"{service} cannot be made to fail in this way on this zone ({Zone.Kind}).");
        var (person, app) = (await NewPersonAsync("Sergeant"), await Operator.CreateClientAsync());
        var remains = await AccountContract.FillAsync(Tools, Operator, NewFlow(app), person, documents: 40);

        var deletion = person.Caller.DeleteAsync("/api/me");
        while (!deletion.IsCompleted && (await person.Caller.GetAsync("/api/me")).Status == 200)
        {
        }

        Reply broken;
        await using (await Zone.Faults.BeginAsync(service, mode, CancellationToken.None))
        {
            broken = await deletion;
            // By whatever way: none is allowed, and a service that does not answer is no reason.
            Assert.True((await Anonymous.WithBearer(remains.KeyToken!).GetAsync("/api/users?pageSize=1")).Status >= 400);
            Assert.True((await Anonymous.WithBearer(remains.Tokens!.Access).GetAsync("/api/me")).Status >= 400);
        }

        Assert.True(broken.Status is 204 or 503, $"{broken}");
        await FinishAsync(person);

        Assert.True((await person.Caller.GetAsync("/api/me")).Status is 401);
        await AccountContract.AssertNothingLeftAsync(Operator, person, remains);
    }

    /// <summary>Repeats the deletion until it is done, with a new login where the session is gone; the service is back, or soon is.</summary>
    private async Task FinishAsync(Person person)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var reply = await person.Caller.DeleteAsync("/api/me");
            if (reply.Status is 204 or 401 && !await Operator.ExistsAsync(person.Id))
            {
                return;
            }

            Assert.True(reply.Status is 204 or 401 or 403 or 500 or 502 or 503, $"{reply}");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        Assert.Fail("The deletion could not be finished.");
    }
}
