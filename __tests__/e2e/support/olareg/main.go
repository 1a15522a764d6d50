// Serves an OCI registry with the Referrers API. Usage: olareg ADDRESS FOLDER
package main

import (
	"context"
	"log"
	"os"

	"github.com/olareg/olareg"
	"github.com/olareg/olareg/config"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: olareg ADDRESS FOLDER")
	}
	conf := config.Config{
		HTTP:    config.ConfigHTTP{Addr: os.Args[1]},
		Storage: config.ConfigStorage{StoreType: config.StoreDir, RootDir: os.Args[2]},
	}
	conf.SetDefaults()
	deletes := true
	conf.API.DeleteEnabled = &deletes
	if err := olareg.New(conf).Run(context.Background()); err != nil {
		log.Fatal(err)
	}
}
