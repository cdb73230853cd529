namespace NovaId.Contract.Drivers;

/// <summary>Verdicts on several answers together.</summary>
public static class Replies
{
    /// <summary>Fails unless each answer has exactly this status. A machine that was too slow for one of them says nothing of the others: they are looked
    /// at first, so that nobody who was let in is passed over.</summary>
    /// <param name="replies">The answers.</param>
    /// <param name="status">The status.</param>
    public static void Expect(this IEnumerable<Reply> replies, int status)
    {
        foreach (var reply in replies.OrderBy(reply => reply.Status == 503))
        {
            reply.Expect(status);
        }
    }
}
