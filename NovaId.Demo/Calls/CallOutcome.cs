using System.Net;
using System.Text.Json;
using NovaId.Pages.Gateway;

namespace NovaId.Demo.Calls;

/// <summary>What came of a call, and the way it took.</summary>
public sealed record CallOutcome
{
    /// <summary>The call, as it was sent: method and path.</summary>
    public required string Request { get; init; }

    /// <summary>Whether it went to the API; else it went to Hydra.</summary>
    public bool IsOfApi { get; init; }

    /// <summary>The status; null if there was no answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>By whom it was refused.</summary>
    public Refuser Refuser { get; init; }

    /// <summary>Who did not answer, where somebody did not.</summary>
    public string? Missing { get; init; }

    /// <summary>Why it was refused, in the API's words.</summary>
    public ApiProblem? Problem { get; init; }

    /// <summary>Hydra's word for why there are no new tokens (RFC 6749, section 5.2).</summary>
    public string? RenewalError { get; init; }

    /// <summary>The body, if it is JSON.</summary>
    public JsonElement? Json { get; init; }

    /// <summary>The body as text, as much of it as a page shows.</summary>
    public string? Body { get; init; }

    /// <summary>Whether there is more of it.</summary>
    public bool IsCut { get; init; }

    /// <summary>The version of what was read or written.</summary>
    public string? Version { get; init; }

    /// <summary>Each step, in the order in which they began.</summary>
    public IReadOnlyList<WayStep> Way { get; init; } = [];

    /// <summary>Whether the API told its own steps.</summary>
    public bool IsTold { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public double Took { get; init; }

    /// <summary>The trace.</summary>
    public string? TraceId { get; init; }

    /// <summary>The trace's page in the dashboard; null where there is none.</summary>
    public string? TraceAddress { get; init; }

    /// <summary>Whether it was allowed and done.</summary>
    public bool IsAllowed => Refuser == Refuser.None;

    /// <summary>Whether a new login is the remedy.</summary>
    public bool NeedsLogin => Refuser is Refuser.Gateway or Refuser.Renewal || (Refuser is Refuser.Hydra && Status == HttpStatusCode.Unauthorized);

    /// <summary>The status of the page that shows it: a refusal is shown as one that succeeded in showing it; an answer that never came is none.</summary>
    public int PageStatus => Refuser is Refuser.Unreachable or Refuser.Unasked ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
}
