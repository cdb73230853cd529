using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace NovaId.Pages.Gateway;

/// <summary>Asks the API with the person's own cookie.</summary>
public static class ApiExtensions
{
    /// <summary>Asks for something.</summary>
    /// <typeparam name="T">What.</typeparam>
    /// <param name="gateway">The way there.</param>
    /// <param name="http">The request that is being answered.</param>
    /// <param name="path">Path and query below <c>/api/</c>.</param>
    /// <param name="type">How the answer is read.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ApiRefusedException">The API refused.</exception>
    /// <exception cref="ServiceUnavailableException">There was no answer.</exception>
    public static async Task<T> GetApiAsync<T>(this GatewayClient gateway, HttpContext http, string path, JsonTypeInfo<T> type)
        where T : class => (await SendApiAsync(gateway, http, HttpMethod.Get, path)).Read(type);

    /// <summary>Asks for something to be done.</summary>
    /// <typeparam name="TBody">What is sent.</typeparam>
    /// <typeparam name="T">What comes back.</typeparam>
    /// <param name="gateway">The way there.</param>
    /// <param name="http">The request that is being answered.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query below <c>/api/</c>.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="bodyType">How it is written.</param>
    /// <param name="type">How the answer is read.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ApiRefusedException">The API refused.</exception>
    /// <exception cref="ServiceUnavailableException">There was no answer.</exception>
    public static async Task<T> SendApiAsync<TBody, T>(
        this GatewayClient gateway, HttpContext http, HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type)
        where T : class
    {
        using var content = JsonContent.Create(body, bodyType);
        return (await SendApiAsync(gateway, http, method, path, content)).Read(type);
    }

    /// <summary>Asks for something to be done.</summary>
    /// <param name="gateway">The way there.</param>
    /// <param name="http">The request that is being answered.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query below <c>/api/</c>.</param>
    /// <param name="content">What is sent.</param>
    /// <returns>The answer, which is one of success.</returns>
    /// <exception cref="ApiRefusedException">The API refused.</exception>
    /// <exception cref="ServiceUnavailableException">There was no answer.</exception>
    public static async Task<GatewayAnswer> SendApiAsync(
        this GatewayClient gateway, HttpContext http, HttpMethod method, string path, HttpContent? content = null)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        var answer = await gateway.SendAsync(http, method, "api/" + path, content);
        return answer.IsSuccess
            ? answer
            : throw new ApiRefusedException(answer.Status, answer.MediaType == ApiProblem.MediaType ? answer.TryRead(ApiJson.Default.ApiProblem) : null);
    }
}
