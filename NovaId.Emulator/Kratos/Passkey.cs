using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>One key of an authenticator (WebAuthn Level 2, 6.1), as Kratos keeps it.</summary>
internal sealed record Passkey
{
    public required byte[] Id { get; init; }

    /// <summary>The key in the form of COSE (RFC 9052).</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>The format of the attestation that came with it.</summary>
    public required string AttestationType { get; init; }

    /// <summary>The make of the authenticator.</summary>
    public required Guid AaGuid { get; init; }

    /// <summary>The counter at the registration. Kratos keeps no later one.</summary>
    public required uint SignCount { get; init; }

    public required bool UserPresent { get; init; }

    public required bool UserVerified { get; init; }

    public required bool BackupEligible { get; init; }

    public required bool BackupState { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>The id as forms write it.</summary>
    public string Name => Convert.ToHexStringLower(Id);

    /// <summary>What keeps it; empty if nobody knows.</summary>
    public string DisplayName => PasskeyMakers.NameOf(AaGuid);

    public JsonObject ToJson() => new()
    {
        ["id"] = Convert.ToBase64String(Id),
        ["public_key"] = Convert.ToBase64String(PublicKey),
        ["attestation_type"] = AttestationType,
        ["authenticator"] = new JsonObject
        {
            ["aaguid"] = Convert.ToBase64String(AaGuid.ToByteArray(bigEndian: true)),
            ["sign_count"] = SignCount,
            ["clone_warning"] = false,
        },
        ["display_name"] = DisplayName,
        ["added_at"] = KratosJson.Time(AddedAt),
        ["is_passwordless"] = true,
        ["flags"] = new JsonObject
        {
            ["user_present"] = UserPresent,
            ["user_verified"] = UserVerified,
            ["backup_eligible"] = BackupEligible,
            ["backup_state"] = BackupState,
        },
    };
}
