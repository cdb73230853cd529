using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fido2NetLib;
using Fido2NetLib.Exceptions;
using Fido2NetLib.Objects;
using Microsoft.AspNetCore.WebUtilities;

namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>The server's part of WebAuthn (Level 2), with what Kratos asks for and what it looks at.</summary>
internal sealed class RelyingParty
{
    private const string Alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int UserHandleLength = 64;
    private const int ChallengeLength = 32;
    private const int LongestCredentialId = 1023;
    private const uint TimeoutInMilliseconds = 300_000;

    private static readonly int[] Algorithms = [-7, -35, -36, -257, -258, -259, -37, -38, -39, -8];

    private readonly PasskeySettings _settings;
    private readonly Fido2 _fido2;

    public RelyingParty(PasskeySettings settings)
    {
        _settings = settings;
        _fido2 = new Fido2(new Fido2Configuration
        {
            RPID = settings.RelyingParty,
            RPName = settings.DisplayName,
            Origins = settings.Origins,
            ChallengeSize = ChallengeLength,
            Timeout = TimeoutInMilliseconds,
            // Kratos does not look at the page around the page.
            AllowCrossOriginRequests = true,
        });
    }

    /// <summary>What an authenticator is asked in order to make a passkey, under a user handle of its own.</summary>
    /// <param name="name">What the authenticator shows; null for the name of the relying party.</param>
    public CredentialCreateOptions BeginRegistration(string? name) => _fido2.RequestNewCredential(new RequestNewCredentialParams
    {
        User = new Fido2User
        {
            Id = Encoding.UTF8.GetBytes(RandomNumberGenerator.GetString(Alphanumeric, UserHandleLength)),
            Name = name ?? _settings.DisplayName,
            DisplayName = name ?? _settings.DisplayName,
        },
        ExcludeCredentials = [],
        AuthenticatorSelection = new AuthenticatorSelection
        {
            AuthenticatorAttachment = AuthenticatorAttachment.Platform,
            ResidentKey = ResidentKeyRequirement.Required,
            UserVerification = UserVerificationRequirement.Preferred,
        },
        AttestationPreference = AttestationConveyancePreference.None,
        PubKeyCredParams = [.. Algorithms.Select(algorithm => new PubKeyCredParam((COSE.Algorithm)algorithm))],
    });

    /// <summary>What an authenticator is asked in order to prove a passkey: one of these, or, where none is named, any that it finds.</summary>
    public AssertionOptions BeginLogin(IEnumerable<Passkey> allowed) => _fido2.GetAssertionOptions(new GetAssertionOptionsParams
    {
        AllowedCredentials = [.. allowed.Select(passkey => new PublicKeyCredentialDescriptor(passkey.Id))],
        UserVerification = UserVerificationRequirement.Preferred,
    });

    /// <summary>The options in the form that the script hands to the browser.</summary>
    public static JsonObject ToJson(CredentialCreateOptions options) => new()
    {
        ["publicKey"] = new JsonObject
        {
            ["rp"] = new JsonObject { ["name"] = options.Rp.Name, ["id"] = options.Rp.Id },
            ["user"] = new JsonObject
            {
                ["name"] = options.User.Name,
                ["displayName"] = options.User.DisplayName,
                ["id"] = WebEncoders.Base64UrlEncode(options.User.Id),
            },
            ["challenge"] = WebEncoders.Base64UrlEncode(options.Challenge),
            ["pubKeyCredParams"] = new JsonArray([.. Algorithms.Select(algorithm => new JsonObject { ["type"] = "public-key", ["alg"] = algorithm })]),
            ["timeout"] = TimeoutInMilliseconds,
            ["authenticatorSelection"] = new JsonObject
            {
                ["authenticatorAttachment"] = "platform",
                ["requireResidentKey"] = true,
                ["residentKey"] = "required",
                ["userVerification"] = "preferred",
            },
        },
    };

    /// <summary>The options in the form that the script hands to the browser.</summary>
    public static JsonObject ToJson(AssertionOptions options)
    {
        var publicKey = new JsonObject
        {
            ["challenge"] = WebEncoders.Base64UrlEncode(options.Challenge),
            ["timeout"] = TimeoutInMilliseconds,
            ["rpId"] = options.RpId,
        };
        if (options.AllowCredentials.Count > 0)
        {
            publicKey["allowCredentials"] = new JsonArray(
                [.. options.AllowCredentials.Select(allowed => new JsonObject { ["type"] = "public-key", ["id"] = WebEncoders.Base64UrlEncode(allowed.Id) })]);
        }

        publicKey["userVerification"] = "preferred";
        return new JsonObject { ["publicKey"] = publicKey };
    }

    /// <summary>The passkey that an authenticator made.</summary>
    /// <exception cref="KratosException">The answer cannot be read (400), or it is none to these options (500, as Kratos has it).</exception>
    public async Task<Passkey> RegisterAsync(string response, CredentialCreateOptions options, DateTimeOffset now)
    {
        var raw = Read<AuthenticatorAttestationRawResponse>(response);
        if (raw is not { Id.Length: > 0, Type: PublicKeyCredentialType.PublicKey, Response: not null })
        {
            throw Unreadable("Parse error for Registration");
        }

        AuthenticatorData data;
        string format;
        try
        {
            var parsed = AuthenticatorAttestationResponse.Parse(raw).AttestationObject;
            (data, format) = (parsed.AuthData, parsed.Fmt);
        }
        catch (Exception error) when (IsRefusal(error))
        {
            throw Unreadable("Error parsing attestation response");
        }

        if (data.AttestedCredentialData is not { CredentialId.Length: <= LongestCredentialId } credential)
        {
            throw Unreadable("Error parsing attestation response");
        }

        try
        {
            await _fido2.MakeNewCredentialAsync(new MakeNewCredentialParams
            {
                AttestationResponse = raw,
                OriginalOptions = options,
                IsCredentialIdUniqueToUserCallback = static (_, _) => Task.FromResult(true),
            });
        }
        catch (Exception error) when (IsRefusal(error))
        {
            throw KratosException.Internal($"Unable to create WebAuthn credential: {Explain(error)}");
        }

        return new Passkey
        {
            Id = credential.CredentialId,
            PublicKey = credential.CredentialPublicKey.GetBytes(),
            AttestationType = format,
            AaGuid = credential.AaGuid,
            SignCount = data.SignCount,
            UserPresent = data.UserPresent,
            UserVerified = data.UserVerified,
            BackupEligible = data.IsBackupEligible,
            BackupState = data.IsBackedUp,
            AddedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
        };
    }

    /// <summary>What an authenticator answered to a login, not yet proved.</summary>
    /// <exception cref="KratosException">It cannot be read (400).</exception>
    public static AuthenticatorAssertionRawResponse ReadLogin(string response)
    {
        var raw = Read<AuthenticatorAssertionRawResponse>(response);
        try
        {
            if (raw is { Id.Length: > 0, Type: PublicKeyCredentialType.PublicKey, Response: not null })
            {
                _ = AuthenticatorAssertionResponse.Parse(raw);
                return raw;
            }
        }
        catch (Exception error) when (IsRefusal(error))
        {
            // Answered as what cannot be read at all.
        }

        throw KratosException.BadRequest("Unable to parse WebAuthn response.");
    }

    /// <summary>Whether the answer proves one of these passkeys. The counter is not looked at, because Kratos does not.</summary>
    public async Task<bool> ProvesAsync(AuthenticatorAssertionRawResponse response, AssertionOptions options, IEnumerable<Passkey> passkeys)
    {
        if (passkeys.FirstOrDefault(known => known.Id.AsSpan().SequenceEqual(response.RawId)) is not { } passkey)
        {
            return false;
        }

        try
        {
            await _fido2.MakeAssertionAsync(new MakeAssertionParams
            {
                AssertionResponse = response,
                OriginalOptions = options,
                StoredPublicKey = passkey.PublicKey,
                StoredSignatureCounter = 0,
                IsUserHandleOwnerOfCredentialIdCallback = static (_, _) => Task.FromResult(true),
            });
            var data = AuthenticatorData.Parse(response.Response.AuthenticatorData);
            return data.IsBackupEligible == passkey.BackupEligible && (data.IsBackupEligible || !data.IsBackedUp);
        }
        catch (Exception error) when (IsRefusal(error))
        {
            return false;
        }
    }

    private static T? Read<T>(string response)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(response);
        }
        catch (Exception error) when (error is JsonException or FormatException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    private static KratosException Unreadable(string reason) => KratosException.BadRequest($"Unable to parse WebAuthn response: {reason}");

    /// <summary>Bytes that mean nothing lead the library to exceptions of every kind; each of them is a refusal.</summary>
    private static bool IsRefusal(Exception error) => error is not (OperationCanceledException or OutOfMemoryException);

    private static string Explain(Exception error) => error switch
    {
        Fido2VerificationException
        {
            Code: Fido2ErrorCode.InvalidAuthenticatorResponseChallenge or Fido2ErrorCode.MissingAuthenticatorResponseChallenge,
        } => "Error validating challenge",
        Fido2VerificationException
        {
            Code: Fido2ErrorCode.InvalidAuthenticatorResponseOrigin or Fido2ErrorCode.MissingAuthenticatorResponseOrigin,
        } => "Error validating origin",
        Fido2VerificationException { Code: Fido2ErrorCode.InvalidAttestationResponse } => "Error validating ceremony type",
        Fido2VerificationException { Code: Fido2ErrorCode.UnknownAttestationType or Fido2ErrorCode.MissingAttestationType } => "Invalid attestation format",
        Fido2VerificationException { Code: Fido2ErrorCode.InvalidAttestation } => "Invalid attestation data",
        _ => "Error validating the authenticator response",
    };
}
