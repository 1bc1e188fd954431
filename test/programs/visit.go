// Go's http client with its cookie jar. usage: go run visit.go <origin> <public key> <another>; tells what it was answered as one line of JSON.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
)

func main() {
	origin, key, other := os.Args[1], os.Args[2], os.Args[3]
	place, err := url.Parse(origin)
	if err != nil {
		panic(err)
	}
	jar, _ := cookiejar.New(nil)
	jar.SetCookies(place, []*http.Cookie{{Name: "theme", Value: "dark", Path: "/"}})
	client := &http.Client{Jar: jar}
	ask := func(method, path, body, token string) *http.Response {
		request, err := http.NewRequest(method, origin+path, strings.NewReader(body))
		if err != nil {
			panic(err)
		}
		if body != "" {
			request.Header.Set("Content-Type", "application/json")
		}
		if token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		answer, err := client.Do(request)
		if err != nil {
			panic(err)
		}
		return answer
	}
	practice := ask("POST", "/api/v1/practice", fmt.Sprintf(`{"publicKey":%q}`, key), "")
	var opened struct{ Token string }
	json.NewDecoder(practice.Body).Decode(&opened)
	challenge := ask("POST", "/api/v1/login/challenge", fmt.Sprintf(`{"address":"0x71c7656ec7ab88b098defb751b7401b5f6d8976f","chainId":1,"publicKey":%q}`, other), "")
	account := ask("GET", "/api/v1/account", "", opened.Token)
	signedOut := ask("DELETE", "/api/v1/session", "", opened.Token)
	fmt.Printf(`{"practice":%d,"challenge":%d,"account":%d,"signedOut":%d,"cookies":%d}`+"\n",
		practice.StatusCode, challenge.StatusCode, account.StatusCode, signedOut.StatusCode, len(jar.Cookies(place))-1)
}
