using System.Net;

namespace NovaId.Pages.Gateway;

/// <summary>The API refused. Where no page knows better what to say, the reason is shown as the API gave it.</summary>
/// <param name="status">The status.</param>
/// <param name="problem">Why; null if the gateway refused before the API was asked.</param>
#pragma warning disable CA1032 // It says who refused what, always.
public sealed class ApiRefusedException(HttpStatusCode status, ApiProblem? problem) : Exception(problem?.Title ?? $"Refused with {(int)status}.")
#pragma warning restore CA1032
{
    /// <summary>The status.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>Why.</summary>
    public ApiProblem? Problem { get; } = problem;
}
