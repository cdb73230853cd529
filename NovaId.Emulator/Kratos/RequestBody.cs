namespace NovaId.Emulator.Kratos;

/// <summary>Reads bodies, up to the size that Kratos takes.</summary>
internal static class RequestBody
{
    private const int MaxLength = 5 * 1024 * 1024;

    /// <summary>The bytes of a body.</summary>
    /// <exception cref="KratosException">It is larger than Kratos takes (400).</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxLength)
        {
            throw TooLarge();
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxLength)
            {
                throw TooLarge();
            }
        }

        return buffer.ToArray();
    }

    private static KratosException TooLarge() => KratosException.BadRequestMessage("http: request body too large", "The request body is too large.");
}
