namespace NovaId.Api.Authorization;

/// <summary>The capabilities. Which rank has which is said in Keto (<c>ory-config/keto/relation-tuples.json</c>).</summary>
internal static class Capabilities
{
    public const string ViewUsers = "users.view";
    public const string EditUsers = "users.edit";
    public const string DeactivateUsers = "users.deactivate";
    public const string AssignRanks = "ranks.assign";
    public const string ViewLogs = "logs.view";
    public const string ManagePermissions = "permissions.manage";
    public const string ManageKeys = "keys.manage";

    public static IReadOnlyList<string> All { get; } =
        [ViewUsers, EditUsers, DeactivateUsers, AssignRanks, ViewLogs, ManagePermissions, ManageKeys];
}
