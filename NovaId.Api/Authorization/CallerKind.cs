namespace NovaId.Api.Authorization;

/// <summary>Whom the caller is.</summary>
internal enum CallerKind
{
    /// <summary>A person: an identity of Kratos, themselves or through an app.</summary>
    Person,

    /// <summary>An OAuth2 client acting for itself: an API key or another program.</summary>
    Client,
}
