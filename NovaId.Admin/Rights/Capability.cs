namespace NovaId.Admin.Rights;

/// <summary>The capabilities, by the API's names.</summary>
internal static class Capability
{
    public const string ViewUsers = "users.view";
    public const string EditUsers = "users.edit";
    public const string DeactivateUsers = "users.deactivate";
    public const string AssignRanks = "ranks.assign";
    public const string ViewLogs = "logs.view";
    public const string ManagePermissions = "permissions.manage";
    public const string ManageKeys = "keys.manage";

    public static IReadOnlyList<string> All { get; } =
        [ViewUsers, EditUsers, AssignRanks, ViewLogs, DeactivateUsers, ManagePermissions, ManageKeys];
}
