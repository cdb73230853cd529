namespace NovaId.Tests.Api;

/// <summary>A call that the API made of the test gateway.</summary>
internal sealed class GatewayCall
{
    public required string Method { get; init; }

    public required string Path { get; init; }

    public required string Query { get; init; }

    public required string Body { get; init; }

    public required string? Authorization { get; init; }

    public required string? TraceParent { get; init; }

    public required long Start { get; init; }

    public long End { get; set; }

    /// <summary>kratos, keto or hydra for a route of theirs.</summary>
    public string Service => Path.StartsWith("/svc/", StringComparison.Ordinal) ? Path.Split('/')[2] : "gateway";

    public bool IsBatchCheck => Path == "/svc/keto/relation-tuples/batch/check";

    public bool IsWrite => Path.StartsWith("/svc/", StringComparison.Ordinal)
        && (Method is "PATCH" or "PUT" or "DELETE" || (Method == "POST" && Path == "/svc/hydra/admin/clients"));

    public override string ToString() => $"{Method} {Path}{Query} {Body}";
}
