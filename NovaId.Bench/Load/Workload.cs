using System.Net;

namespace NovaId.Bench.Load;

/// <summary>One kind of request, sent over and over.</summary>
/// <param name="Id">Its short name.</param>
/// <param name="Request">Makes the next request of a connection.</param>
/// <param name="Expected">The only status that counts; any other ends the run.</param>
internal sealed record Workload(string Id, Func<int, HttpRequestMessage> Request, HttpStatusCode Expected);
