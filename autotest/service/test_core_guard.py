"""Who may change something, over the wire: token, origin, proxies, names of the server."""

import json

import pytest

TOKEN = "a-token-of-the-tests"


@pytest.fixture(scope="module")
def token_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("token") / "token"
    path.write_text(TOKEN + "\nnot this\n", encoding="ascii")
    return path


@pytest.fixture
def with_token(serve_test_routes, token_file):
    return serve_test_routes("--workers", 1, "--token-file", token_file, "--origin", "https://maps.example.org")


@pytest.mark.parametrize("headers, without, with_one", [
    ({}, 200, 200),
    ({"Authorization": f"Bearer {TOKEN}"}, 200, 200),
    ({"Authorization": "Bearer wrong"}, 200, 401),
    ({"X-Forwarded-For": "127.0.0.1"}, 403, 401),
    ({"Via": "1.1 proxy"}, 403, 401),
    ({"X-Real-IP": "127.0.0.1", "Authorization": f"Bearer {TOKEN}"}, 403, 200),
    ({"Origin": "http://evil.example"}, 403, 403),
    ({"Origin": "http://evil.example", "Authorization": f"Bearer {TOKEN}"}, 403, 403),
    ({"Origin": "https://maps.example.org"}, 403, 200),
    ({"Origin": "null"}, 403, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403, 403),
    ({"Host": "evil.example"}, 403, 403),
    ({"Host": "maps.example.org", "Origin": "https://maps.example.org"}, 403, 200),
])
def test_who_may_change(serve_test_routes, with_token, headers, without, with_one):
    plain = serve_test_routes("--workers", 1)
    assert plain.ask("DELETE", "/thing", headers=headers).status == without
    answer = with_token.ask("DELETE", "/thing", headers=headers)
    assert answer.status == with_one
    assert (answer.headers.get("www-authenticate") == "Bearer") == (with_one == 401)


def test_a_page_of_another_site_cannot_post_either(with_token):
    answer = with_token.ask("POST", "/told/a", body="{}", headers={"Origin": "http://evil.example"})
    assert answer.status == 403 and "Origin" in answer.detail


def test_nothing_is_changed_by_get(with_token):
    answer = with_token.get("/thing")
    assert answer.status == 405 and answer.headers["allow"] == "DELETE"


def test_a_server_for_others_without_a_token_warns_and_refuses(serve_test_routes):
    running = serve_test_routes("--workers", 1, "--host", "0.0.0.0")
    warning = running.wait_for_log("no_token")[0]
    assert warning["level"] == "warning" and "--token-file" in warning["message"]
    answer = running.ask("DELETE", "/thing")
    assert answer.status == 403 and "--token-file" in answer.detail
    assert running.get("/told/a", Host="any.example").status == 200


def test_a_server_for_others_with_a_token(serve_test_routes, token_file):
    running = serve_test_routes("--workers", 1, "--host", "0.0.0.0", env={"TOPOBATHY_TOKEN_FILE": str(token_file)})
    assert not running.log("no_token")
    assert running.ask("DELETE", "/thing").status == 401
    assert running.ask("DELETE", "/thing", headers={"Authorization": f"Bearer {TOKEN}"}).status == 200
    assert TOKEN not in "".join(running.lines)


def test_the_token_is_not_printed(run_tool, token_file):
    text = run_tool("topobathy", "serve", "--print-config", "--token-file", token_file).stdout
    assert json.loads(text)["token"] is True and TOKEN not in text
