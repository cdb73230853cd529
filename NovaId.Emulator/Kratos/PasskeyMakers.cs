namespace NovaId.Emulator.Kratos;

/// <summary>
/// Names of what keeps passkeys, by the number that each puts in its keys (AAGUID, WebAuthn Level 2, 6.5.1). Kratos takes the name of a
/// passkey from such a list. This one has what keeps passkeys in software; Kratos also knows the models of security keys.
/// </summary>
internal static class PasskeyMakers
{
    private static readonly Dictionary<Guid, string> Names = new()
    {
        [new("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4")] = "Google Password Manager",
        [new("adce0002-35bc-c60a-648b-0b25f1f05503")] = "Chrome on Mac",
        [new("b5397666-4885-aa6b-cebf-e52262a439a2")] = "Chromium Browser",
        [new("771b48fd-d3d4-4f74-9232-fc157ab0507a")] = "Edge on Mac",
        [new("08987058-cadc-4b81-b6e1-30de50dcbe96")] = "Windows Hello",
        [new("9ddd1817-af5a-4672-a2b9-3e3dd95000a9")] = "Windows Hello",
        [new("6028b017-b1d4-4c02-b4b3-afcdafc96bb2")] = "Windows Hello",
        [new("fbfc3007-154e-4ecc-8c0b-6e020557d7bd")] = "iCloud Keychain",
        [new("dd4ec289-e01d-41c9-bb89-70fa845d4bf2")] = "iCloud Keychain (Managed)",
        [new("53414d53-554e-4700-0000-000000000000")] = "Samsung Pass",
        [new("bada5566-a7aa-401f-bd96-45619a55120d")] = "1Password",
        [new("d548826e-79b4-db40-a3d8-11116f7e8349")] = "Bitwarden",
        [new("531126d6-e717-415c-9320-3d9aa6981239")] = "Dashlane",
        [new("b84e4048-15dc-4dd0-8640-f4f60813c8af")] = "NordPass",
        [new("0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6")] = "Keeper",
        [new("f3809540-7f14-49c1-a8b3-8f813b225541")] = "Enpass",
    };

    /// <summary>The name; empty if nobody knows it.</summary>
    public static string NameOf(Guid aaGuid) => Names.GetValueOrDefault(aaGuid, "");
}
