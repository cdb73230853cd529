using NovaId.Admin.Home;
using NovaId.Admin.Keys;
using NovaId.Admin.Log;
using NovaId.Admin.People;
using NovaId.Admin.Ranks;
using NovaId.Admin.Rights;
using NovaId.Admin.Why;
using NovaId.Pages.Layout;

namespace NovaId.Admin.Layout;

/// <summary>The menu, as far as somebody may open what it leads to.</summary>
internal static class OfficeMenu
{
    private static readonly (string? Capability, NavigationItem Item)[] Items =
    [
        (null, new NavigationItem(HomeEndpoints.Path, () => Texts.Home_Nav, "shield")),
        (Capability.ViewUsers, new NavigationItem(PeopleEndpoints.Path, () => Texts.People_Nav, "person")),
        (Capability.ViewUsers, new NavigationItem(RankEndpoints.Path, () => Texts.Ranks_Nav, "ranks")),
        (Capability.ManagePermissions, new NavigationItem(WhyEndpoints.Path, () => Texts.Why_Nav, "question")),
        (Capability.ManageKeys, new NavigationItem(KeyEndpoints.Path, () => Texts.Keys_Nav, "key")),
        (Capability.ViewLogs, new NavigationItem(LogEndpoints.Path, () => Texts.Log_Nav, "list")),
        (Capability.ViewLogs, new NavigationItem(LogEndpoints.StatisticsPath, () => Texts.Statistics_Nav, "chart")),
        (Capability.ViewLogs, new NavigationItem(LogEndpoints.ChainPath, () => Texts.Chain_Nav, "chain")),
        (null, new NavigationItem("/accounts/", () => Texts.Account_Nav, "device")),
    ];

    public static IReadOnlyList<NavigationItem> For(OfficerRights? rights) =>
        [.. Items.Where(entry => entry.Capability is null || rights?.Has(entry.Capability) == true).Select(entry => entry.Item)];
}
