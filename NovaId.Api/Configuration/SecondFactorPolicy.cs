namespace NovaId.Api.Configuration;

/// <summary>From whom a second factor is asked, where an endpoint asks for one.</summary>
internal enum SecondFactorPolicy
{
    /// <summary>From whoever has set one up.</summary>
    WhereSetUp,

    /// <summary>From everyone: whoever has none must set one up first.</summary>
    Always,
}
