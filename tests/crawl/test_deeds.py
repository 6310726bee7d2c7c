import pytest

from govcrawl.crawl.deeds import REMOVAL, SESSION, deed_of

SITE = "http://www.qingshan.gov.cn/"


@pytest.mark.parametrize(
    ("path", "text", "deed"),
    [
        ("logout", "", SESSION),
        ("user/logout.do", "", SESSION),
        ("user/log-out/", "", SESSION),
        ("sso/signOut?service=x", "", SESSION),
        ("logout.html", "", SESSION),
        ("userLogout.action", "", SESSION),
        ("member.php?mod=logging&action=logout", "", SESSION),
        ("index.jsp?logout", "", SESSION),
        ("user/quit", "退出登录", SESSION),
        ("user/quit", "【退出】", SESSION),
        ("user/quit", "Log out", SESSION),
        ("user.do?id=7", "注销", SESSION),
        ("article/delete/7", "", REMOVAL),
        ("deleteUser.do?id=7", "", REMOVAL),
        ("news/do_delete.php?id=7", "", REMOVAL),
        ("admin?act=del&id=7", "", REMOVAL),
        ("admin?action=removeItem&id=7", "", REMOVAL),
        ("admin?delete=7", "", REMOVAL),
        ("a.jsp?id=7", "删除", REMOVAL),
        ("a.aspx?id=7", " 删 除 ", REMOVAL),
        *(
            ("user/quit", text, SESSION)
            for text in ("安全退出", "登出", "注销登录", "Signout", "logoff", "[ 退出系统 ]", "(退出)", "（退出）", "退出！")
        ),
        *(("a.jsp?id=7", text, REMOVAL) for text in ("移除", "清空", "彻底删除", "Del", "remove", "·删", "《删除此条》")),
    ],
)
def test_a_link_that_does_something_is_known(path, text, deed):
    assert deed_of(f"{SITE}{path}", text) == deed


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("art/2024/3/12/art_1_2.html", "关于删除部分行政许可事项的通知"),
        ("show.php?id=7", "关于注销烟花爆竹经营许可证的公告"),
        ("qyzx/", "注销"),
        ("bsfw/zx.html", "注销"),
        ("zcfg/delete.html", "关于删除的规定"),
        ("search?keyword=delete", "x"),
        ("search?q=logout", "x"),
        ("how-to-delete-your-personal-account", "x"),
        ("models/index.html", "x"),
        ("delegation/", "x"),
        ("dropdown/list.jsp", "x"),
        ("guidelines?type=model", "x"),
        ("tuichu/", "退出机制"),
        ("news/", ""),
        ("removal-of-barriers/", "x"),
        ("css/remove.css", ""),
        ("images/delete.png", ""),
    ],
)
def test_a_link_that_only_shows_something_is_followed(path, text):
    assert deed_of(f"{SITE}{path}", text) == ""
