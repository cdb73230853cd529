namespace NovaId.Emulator.Kratos;

/// <summary>Reads bodies, up to the size that Kratos takes.</summary>
internal static class RequestBody
{
    private const int MaxLength = 5 * 1024 * 1024;

    public static async Task<string> ReadAsync(HttpRequest request)
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

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static KratosException TooLarge() => KratosException.BadRequestMessage("http: request body too large", "The request body is too large.");
}
