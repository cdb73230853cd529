using System.Diagnostics;
using System.Text.RegularExpressions;

namespace NovaId.Contract.Drivers;

/// <summary>The zone's mailbox, which the operator reads through the gateway.</summary>
public sealed partial class ZoneMail
{
    private const string Root = "/svc/mail/api/v1";

    /// <summary>A courier hands out so many mails at a time and may have many before this one.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Func<Task<Caller>> _operator;

    internal ZoneMail(Func<Task<Caller>> @operator) => _operator = @operator;

    /// <summary>Waits for the first mail of a kind to an address.</summary>
    /// <returns>Its code.</returns>
    public async Task<string> CodeAsync(string address, MailKind kind) => (await ReadAsync(address, kind)).Code;

    /// <summary>Waits for so many mails of a kind to an address.</summary>
    /// <param name="address">The recipient.</param>
    /// <param name="kind">What the codes are for.</param>
    /// <param name="count">How many mails there must be.</param>
    /// <returns>The newest of them.</returns>
    public async Task<ReceivedMail> ReadAsync(string address, MailKind kind, int count = 1)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var found = await ListAsync(address, kind);
            if (found.Count >= count)
            {
                Assert.Equal(count, found.Count);
                var mail = (await (await _operator()).GetAsync($"{Root}/message/{found[0]}")).Expect(200);
                Assert.Equal([address], mail.Strings("To", "Address"));
                return new(Code().Match(mail["Subject"].GetString()!).Value, mail["Text"].GetString()!);
            }

            Assert.True(waited.Elapsed < Limit, $"{found.Count} of {count} mails ({kind}) came within {Limit.TotalMinutes} minutes.");
            await Task.Delay(50);
        }
    }

    /// <summary>The mails of a kind to an address that are there now, newest first.</summary>
    /// <returns>Their ids.</returns>
    public async Task<IReadOnlyList<string>> ListAsync(string address, MailKind kind)
    {
        var subject = kind switch
        {
            MailKind.Verification => "to verify your account",
            MailKind.Recovery => "to recover access",
            MailKind.Login => "to log in",
            _ => "to complete your account registration",
        };
        var query = Uri.EscapeDataString($"to:\"{address}\" subject:\"{subject}\"");
        return [.. (await (await _operator()).GetAsync($"{Root}/search?query={query}")).Expect(200).Strings("messages", "ID").Select(id => id!)];
    }

    [GeneratedRegex(@"\b[0-9]{6}\b")]
    private static partial Regex Code();
}
